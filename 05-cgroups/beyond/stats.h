/* A number of a group, from whatever tree has it. */
#pragma once

#include "05-cgroups/cgroup.h"

/*
 * ("pids.peak", NULL), or the one after a word: ("cpu.stat", "usage_usec").  Of
 * the answers of look.h; 0, and -1 in *number: the kernel does not have it, or
 * it is "max".
 */
int cgroup_read(const struct cgroup *cg, const char *file, const char *key,
		long long *number);
