/* Why has the kernel refused, or would it?  -1 after a message. */
#pragma once

#include <limits.h>

#include "habits/error.h"
#include "05-cgroups/cgroup.h"

/*
 * The "no internal processes" rule: true, without a message, if the group has
 * processes of its own, and so may not hand controllers down.
 */
bool why_not_to_enable(int dir);

/*
 * "+memory +pids" were not all enabled: now each alone.  0: none of those that
 * were refused is needed by a limit.
 */
int why_not_enabled(const struct cgroup *cg, int dir, const char *words);

/* mkdir(2) has failed.  Without a message where no limit needs the group. */
int why_not_made(const struct cgroup *cg, int dir, const char *name);

/* 0: it was not necessary. */
int why_not_limited(const struct cgroup *cg, const struct cgroup_setting *s);

/* "populated 0", for one, did not come in time. */
int why_not_yet(const struct cgroup *cg, const char *line);

/* 0: a process can start in the group. */
int why_not_to_start(const struct cgroup *cg);

/* Hints for who says it himself. */
extern const struct hint why_no_group[], why_not_joined[], why_no_namespace[];

/* Where a group is that is open; for messages. */
const char *why_path(int dir, char name[PATH_MAX]);

/* Within beyond/: may this tree do without a group?  It does from then on. */
struct cgroup_tree;
bool why_do_without(const struct cgroup *cg, struct cgroup_tree *tree);

/* The same as above, for limits of stage 10. */
struct cgroup_limit;
int why_not_set(const struct cgroup *cg, const struct cgroup_limit *limit);
