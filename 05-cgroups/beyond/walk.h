/*
 * A group and all below it, one after the other.
 *
 *     struct cgroup_walk walk = cgroup_walk_begin(dir);
 *
 *     while ((found = cgroup_walk_next(&walk)) > 0)
 *             ... walk.dir ...
 *     cgroup_walk_end(&walk);
 *
 * Who may make groups may make thousands, each in the one before.  So there
 * are never more than two descriptors open, and nothing calls itself.
 */
#pragma once

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* A group below: who is inside may have made it, and called it ".x". */
bool cgroup_is_below(const struct dirent *entry);

struct cgroup_walk {
	int dir;       /* the group that it has come to */
	char **levels; /* the names that are left: of those here, and above */
	size_t depth, room;
	bool has_begun;
	bool removes; /* each, when all below it has been gone through */
};

struct cgroup_walk cgroup_walk_begin(int dir);

/* 1; 0 when there are no more; -1 with errno.  A group that is gone is none. */
int cgroup_walk_next(struct cgroup_walk *walk);
void cgroup_walk_end(struct cgroup_walk *walk); /* leaves errno as it is */

/*
 * The ids of all processes in a group and below it, as our PID namespace sees
 * them.  `*pids` is for free() in any case.  How many, or -1 with errno.
 */
int cgroup_walk_processes(int dir, pid_t **pids);

/*
 * Remove a group and all below it: 0, also if it is gone, or -1 with errno.
 * One that is EBUSY is tried again for a second.
 */
int cgroup_walk_remove(int dir, const char *name);
