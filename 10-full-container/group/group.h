/*
 * The control group of a container that exists.
 *
 * It is the one list of all processes of a container that the kernel keeps
 * and no process can leave: whoever was forked, into whatever namespaces, is
 * on it.  So it is what one pauses, counts and kills.
 */
#pragma once

#include "05-cgroups/beyond/existing.h"
#include "10-full-container/talk/state.h"

/*
 * Open it in all trees that have it; cgroup_close() in any case.  0, without a
 * message: there is none.  -1: one that was noted cannot be looked for.
 */
int group_find(const struct state *state, struct cgroup *cg);

/* Note in the state which there are, which are older, and which freezes. */
int group_note(struct state *state, const struct cgroup *cg);

/* Mark those of the groups that are open which are older. */
void group_older(const struct state *state, const struct cgroup *cg);

/* Of all that were noted: is the tree mounted here; is it open; in it? */
int group_check_seen(const struct state *state, const struct cgroup *cg);
int group_check(const struct state *state, const struct cgroup *cg);
int group_check_process(const struct state *state, pid_t pid);

/* --rootless false: -1, after a message, if none could be made. */
int group_require(const struct state *state, const struct cgroup *cg);

/* Is the container paused, or a group above its own?  v1: or about to be. */
int group_is_frozen(const struct state *state, bool *is_frozen);

int group_freeze(const struct state *state, bool freeze);

/* After SIGKILL: v1 holds even the dying, also in groups below this one. */
int group_thaw(const struct state *state);

/*
 * Does the process belong to the container, and not to somebody whom a damaged
 * state names?  1 also if there is no such process; -1 after a message.
 */
int group_owns(const struct state *state, pid_t pid);

/*
 * exec --cgroup: the group "[CONTROLLER:]PATH" below the container's own `cg`,
 * in the trees that have it; clone3(2) starts the next child there.  -1 after
 * a message: there is none.  cgroup_close() is for it in any case.
 */
int group_open_below(const struct cgroup *cg, const char *word,
		     struct cgroup *below, struct clone_args *args);

/*
 * The ids of all processes in the group and in the groups below it, as our
 * PID namespace sees them.  `*pids` is for free().  How many, or -1.
 */
int group_list(const struct cgroup *cg, pid_t **pids);
