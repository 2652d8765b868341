/*
 * A table of rules becomes a program that the kernel runs at every system
 * call.
 *
 * One test per rule would be a line of 300.  Here neighbours with the same
 * answer become one range of numbers, and the ranges a search tree: halve
 * until one is left.  That is a sixth of the instructions, and eight tests
 * on the way to any answer.
 */
#pragma once

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum seccomp_compare {
	SECCOMP_EQUAL,
	SECCOMP_NOT_EQUAL,
	SECCOMP_LESS,
	SECCOMP_LESS_EQUAL,
	SECCOMP_GREATER,
	SECCOMP_GREATER_EQUAL,
	SECCOMP_MASKED_EQUAL, /* (argument & mask) == value */
};

/* All 64 bits count.  Where the kernel reads an int, mask the upper half. */
struct seccomp_condition {
	unsigned int argument; /* 0 to 5 */
	enum seccomp_compare compare;
	uint64_t value;
	uint64_t mask;  /* for SECCOMP_MASKED_EQUAL only */
	bool is_narrow; /* only the lower 32 bits count: see stage 10 */
};

/* The first rule of a table that matches decides, as in a firewall. */
struct seccomp_rule {
	uint32_t first, last; /* system call numbers, both included */
	uint32_t action;      /* SECCOMP_RET_*, plus its 16 bits of data */
	const struct seccomp_condition *conditions; /* all must hold */
	size_t condition_count;
};

/* What holds for the numbers of one architecture. */
struct seccomp_arch {
	uint32_t audit_arch; /* AUDIT_ARCH_* */
	uint32_t otherwise;  /* the action where no rule matches */
	const struct seccomp_rule *rules;
	size_t rule_count;
};

/*
 * Compile the tables; a call of an architecture that is not among them gets
 * the action `foreign`.  x32 is not an architecture here: its calls are those
 * of AUDIT_ARCH_X86_64 with __X32_SYSCALL_BIT in the number.
 * Returns 0, the caller then frees program->filter; or -1 after a message.
 */
int seccomp_compile(const struct seccomp_arch *archs, size_t count,
		    uint32_t foreign, struct sock_fprog *program);
