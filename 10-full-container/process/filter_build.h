/*
 * Rules by name, for several architectures at once, become one program.
 */
#pragma once

#include <stdbool.h>

#include "10-full-container/process/filter.h"
#include "10-full-container/process/filter_tree.h"

#define FILTER_ARCHS 4

/* x32 is an architecture for libseccomp, but not for the kernel. */
struct filter_arch {
	uint32_t token; /* SCMP_ARCH_* */
	struct filter_table *table;
	int highest; /* number that a rule is about */
};

struct filter_builder {
	bool notifies;      /* some action is SCMP_ACT_NOTIFY */
	uint32_t otherwise; /* the action where no rule matches */
	size_t room;        /* how many rules there will be at most */
	struct filter_arch archs[FILTER_ARCHS];
	size_t arch_count;
	struct filter_table tables[FILTER_ARCHS];
	size_t table_count;
	struct filter_condition *pool; /* that rules of some archs need */
	size_t pool_used;
};

/* Conditions that one rule may take from the pool. */
#define FILTER_POOL (3 * FILTER_ARCHS * 7)

/* Have rules for this architecture as well; again is no error. */
int filter_add_arch(struct filter_builder *b, uint32_t token);

/* The rule, with the number that `name` has on each architecture. */
void filter_add_rule(struct filter_builder *b, const char *name,
		     const struct filter_rule *rule);

int filter_build(struct filter_builder *b, struct filter *filter);
void filter_builder_free(struct filter_builder *b);

/* A call of 32-bit x86 that shares a number: filter_shared.c. */
struct filter_shared {
	int number;    /* of the call that it is a part of; 0: of none */
	uint64_t part; /* that call's first argument */
};

/*
 * libseccomp answers with a number of its own below 0.  Returns the number
 * the call has alone, -1 if there is none; and fills *shared.
 */
int filter_split(int resolved, struct filter_shared *shared);
