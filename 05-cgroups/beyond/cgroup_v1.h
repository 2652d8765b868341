/*
 * cgroup v1: the same verbs, for one of its trees.  See cgroup_v1.c.
 *
 * Distributions left v1 between 2019 and 2022, and systemd refuses it from
 * version 258 on; what still runs it is older, or a hybrid that has both.
 */
#pragma once

#include "05-cgroups/beyond/tree.h"

/* What a new group needs before a process can join it: a cpuset's contents. */
int cgroup_v1_prepare(int parent, int group, const char *path);

/* One limit by v2's name.  0, or -1 with errno and no message. */
int cgroup_v1_limit(const struct cgroup_tree *tree, const char *file,
		    const char *value);

/* cgroup_v1_cpu.c: those for the cpu. */
int cgroup_v1_quota(int dir, const char *value);
int cgroup_v1_weight(int dir, const char *value);
int cgroup_v1_real_time(const struct cgroup_tree *tree, const char *file,
			const char *value);
int cgroup_v1_give_back(const struct cgroup_tree *tree); /* real time */

/*
 * cgroup_v1_freeze.c: stop or continue; the tree is the one with the freezer.
 * The second has the answers of look.h: 0, without a message, if it is gone.
 */
int cgroup_v1_freeze(const struct cgroup_tree *tree, bool freeze);
int cgroup_v1_try_freeze(const struct cgroup_tree *tree, bool freeze);

/* The same: let go on what is frozen in a group, or alone in one below it. */
int cgroup_v1_thaw_below(int dir);

/* Kill all and wait until they are gone. */
int cgroup_v1_empty(const struct cgroup_tree *tree);

/* A number by v2's name, from whatever tree has it: see cgroup_read(). */
int cgroup_v1_read(const struct cgroup *cg, const char *file, const char *key,
		   long long *number);
