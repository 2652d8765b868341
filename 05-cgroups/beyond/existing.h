/*
 * A group that exists already, made by another program at another time.
 *
 * What is opened here is not owned: cgroup_close() leaves the group as it is,
 * and nobody's limits are changed.
 */
#pragma once

#include "05-cgroups/cgroup.h"

/*
 * Open the group at `path`, which is not NULL here, in all trees that have
 * it, and have clone3(2) start the next child in it; `args` may be NULL.
 */
int cgroup_open(struct cgroup *cg, struct clone_args *args);

/*
 * Open it: 1, or 0 without a message if there is none.  -1: it cannot be known,
 * as one tree could not be looked at.
 */
int cgroup_try_open(struct cgroup *cg);

/* v1: move ourselves, who have one thread; that is faster: cgroup.c. */
int cgroup_join_self(const struct cgroup *cg);

/*
 * v1: make the group that is open also in the trees that do not have it yet.
 * systemd does not make it in all of them.
 */
int cgroup_complete(struct cgroup *cg);

/*
 * Before a change of limits, which are cg->list: a group that is open may
 * lack a controller that nobody needed so far.  With v2 it is handed down
 * now, with v1 another group is made, and its processes are moved there.
 */
int cgroup_extend(struct cgroup *cg);

/* Let go of the group, and leave it as it is.  May be called again. */
void cgroup_close(struct cgroup *cg);

/* Does v2 have the controller of this file, "memory.max", or else v1? */
bool cgroup_is_on_v2(const struct cgroup *cg, const char *file);

/*
 * A number: ("pids.peak", NULL), or the one after a word: ("cpu.stat",
 * "usage_usec").  Of the answers of look.h; 0, and -1 in *number: the kernel
 * does not have it, or it is "max".
 */
int cgroup_read(const struct cgroup *cg, const char *file, const char *key,
		long long *number);
