/*
 * Tables of rules become a program that the kernel runs at system calls.
 *
 * Stage 09 asks rule after rule.  Here neighbours with the same answer become
 * one range of numbers, and the ranges a search tree: halve until one is left.
 * That is a seventh of the instructions, and eight tests on the way to any
 * answer; docs/BENCH.md says what it is worth.  And config.json may ask for
 * several architectures, all 64 bits of an argument, seven ways to compare.
 */
#pragma once

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum filter_compare {
	FILTER_EQUAL,
	FILTER_NOT_EQUAL,
	FILTER_LESS,
	FILTER_LESS_EQUAL,
	FILTER_GREATER,
	FILTER_GREATER_EQUAL,
	FILTER_MASKED_EQUAL, /* (argument & mask) == value */
};

/* All 64 bits count.  Where the kernel reads an int, mask the upper half. */
struct filter_condition {
	unsigned int argument; /* 0 to 5 */
	enum filter_compare compare;
	uint64_t value;
	uint64_t mask;  /* for FILTER_MASKED_EQUAL only */
	bool is_narrow; /* only the lower 32 bits count: 32-bit calls */
};

/* The first rule of a table that matches decides, as in a firewall. */
struct filter_rule {
	uint32_t first, last; /* system call numbers, both included */
	uint32_t action;      /* SECCOMP_RET_*, plus its 16 bits of data */
	const struct filter_condition *conditions; /* all must hold */
	size_t condition_count;
};

/* What holds for the numbers of one architecture. */
struct filter_table {
	uint32_t audit;     /* AUDIT_ARCH_* */
	uint32_t otherwise; /* the action where no rule matches */
	struct filter_rule *rules;
	size_t count;
};

/*
 * Compile the tables; a call of an architecture that is not among them gets
 * the action `foreign`.  x32 is not an architecture here: its calls are those
 * of AUDIT_ARCH_X86_64 with __X32_SYSCALL_BIT in the number.
 * Returns 0, the caller then frees program->filter; or -1 after a message.
 */
int filter_compile(const struct filter_table *tables, size_t count,
		   uint32_t foreign, struct sock_fprog *program);
