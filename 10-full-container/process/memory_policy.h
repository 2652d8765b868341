/*
 * From which memory a process gets its pages.
 *
 * On a machine with several memory nodes (NUMA) each is near to some of the
 * processors and far from others.  The policy belongs to a process, survives
 * exec and is inherited.  See set_mempolicy(2).
 */
#pragma once

#include "10-full-container/guard/number_list.h"

struct memory_policy {
	const char *name; /* NULL: as it comes */
	int mode;         /* MPOL_*, with its flags */
	struct number_list nodes;
};

/* The words of config.json; each list ends with NULL. */
extern const char *const memory_policy_modes[], *const memory_policy_flags[];

/* Read the member memoryPolicy of `linux`. */
int memory_policy_read(struct memory_policy *policy,
		       const struct value *linux_node);

/* In the child, when it is in its group: that has a say in the nodes, too. */
int memory_policy_apply(const struct memory_policy *policy);
