/*
 * Stage 10's groups: at a path that somebody chose, with any number of limits,
 * in every tree; some are there already, and some were made by another program
 * at another time.
 *
 * The path belongs to the caller, as long as the group is open.  After each of
 * these that fails cgroup_close() is called in any case.
 */
#pragma once

#include "05-cgroups/beyond/settings.h"
#include "05-cgroups/cgroup.h"

/*
 * As cgroup_create().  A group that is there may be used if nobody is in it,
 * and it is not frozen.  v1: will there be `rules` for devices?
 */
int cgroup_create_at(struct cgroup *cg, const char *path,
		     const struct cgroup_limit *limits, bool rules,
		     struct clone_args *args);

/* Before cgroup_create(): there will be such rules, so that needs a group. */
int cgroup_expect_rules(struct cgroup *cg, bool rules);

/* Write them, in order; the first that cannot be had is an error. */
int cgroup_limit_all(const struct cgroup *cg, const struct cgroup_limit *list);

/*
 * Open it in all trees that have it: 1, or 0 without a message if there is
 * none; -1: it cannot be known, as one tree could not be looked at.
 */
int cgroup_try_open(struct cgroup *cg, const char *path);

/* There has to be one; and clone3(2) starts the next child in it. */
int cgroup_open(struct cgroup *cg, const char *path, struct clone_args *args);
void cgroup_clone_into(const struct cgroup *cg, struct clone_args *args);

/* v1: move ourselves, who have one thread; that is faster: others.c. */
int cgroup_join_self(const struct cgroup *cg);

/* v1: make it also in the trees that do not have it yet, as after systemd. */
int cgroup_complete(struct cgroup *cg);

/*
 * Before a change of limits: it may lack a controller that nobody needed so
 * far.  With v2 it is handed down now, with v1 another group is made, and its
 * processes are moved there.
 */
int cgroup_extend(struct cgroup *cg, const struct cgroup_limit *limits,
		  bool rules);

/* Was there one in any tree?  All go with the container from now on. */
bool cgroup_has_existed(const struct cgroup *cg);
void cgroup_adopt(struct cgroup *cg);

/* Kill all, unless it `is_unused`; remove those that have not existed. */
int cgroup_remove_made(struct cgroup *cg, bool is_unused);
