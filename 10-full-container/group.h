/*
 * The control group of a container that exists.
 *
 * It is the one list of all processes of a container that the kernel keeps
 * and no process can leave: whoever was forked, into whatever namespaces, is
 * on it.  So it is what one pauses, counts and kills.
 */
#pragma once

#include "05-cgroups/existing.h"
#include "10-full-container/state.h"

/*
 * Open it in all trees that have it.  cgroup_close() is for it in any case.
 * false, without a message: there is none (any more).
 */
bool group_open(const struct state *state, struct cgroup *cg);

/*
 * Note in the state which directory tells whether the container is paused.
 * To be called as soon as the group is there; state_save() is the caller's.
 */
int group_note(struct state *state, const struct cgroup *cg);

/* Is the container paused, or a group above its own?  v1: or about to be. */
bool group_is_frozen(const struct state *state);

/*
 * The ids of all processes in the group and in the groups below it, as our
 * PID namespace sees them.  `*pids` is for free().  How many, or -1.
 */
int group_list(const struct cgroup *cg, pid_t **pids);
