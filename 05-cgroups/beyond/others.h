/*
 * What of version 1, in which every controller has a tree of groups?
 *
 * A machine may have both ("hybrid").  Each function does there what cgroup.c
 * does in v2, and nothing where there is none.
 *
 * Distributions left v1 between 2019 and 2022, and systemd refuses it from
 * version 258 on; what still runs it is older, or a hybrid.
 */
#pragma once

#include "05-cgroups/cgroup.h"

/* Make the group in the trees that are needed.  -1 after a message. */
int others_make(struct cgroup *cg);

/*
 * v2 has refused it: write it where its controller is, or by another name.  -1
 * with errno and no message.
 */
int others_limit(const struct cgroup *cg, const struct cgroup_setting *setting);

/* Move a process in. */
int others_join(const struct cgroup *cg, pid_t pid);

/* Stop or continue all: v1's freezer, or a message that there is none. */
int others_freeze(const struct cgroup *cg, bool freeze);

/*
 * Kill all: first, where they are frozen, which not even SIGKILL ends; then,
 * who is in another tree alone.
 */
int others_kill_frozen(const struct cgroup *cg);
int others_kill(const struct cgroup *cg);

/* All that is open and kept, of v2's too, but cg->dir and cg->path. */
void others_close(struct cgroup *cg);

/* For others than the lesson: kill all in one of v1's groups, and wait. */
struct cgroup_tree;
int others_empty(const struct cgroup_tree *tree);

/* Let go on what is frozen in a group, or alone in one below it. */
int others_thaw_below(int dir);

/* Does the container need a group in this tree? */
bool others_need(const struct cgroup *cg, const struct cgroup_tree *tree);
