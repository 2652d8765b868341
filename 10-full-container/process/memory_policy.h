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
	const struct word *mode; /* NULL: as it comes */
	uint64_t flags;          /* in the same number, for the kernel */
	struct number_list nodes;
};

member_read memory_policy_read; /* linux.memoryPolicy */

/* The words of config.json. */
extern const struct word memory_policy_modes[], memory_policy_flags[];

/* In the child, when it is in its group: that has a say in the nodes, too. */
int memory_policy_apply(const struct memory_policy *policy);
