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

#include <stdbool.h>
#include <stddef.h>

struct cgroup_walk {
	int dir;       /* the group that it has come to */
	char **levels; /* the names that are left: of those here, and above */
	size_t depth, room;
	bool has_begun;
};

struct cgroup_walk cgroup_walk_begin(int dir);

/* 1; 0 when there are no more; -1 with errno.  A group that is gone is none. */
int cgroup_walk_next(struct cgroup_walk *walk);
void cgroup_walk_end(struct cgroup_walk *walk); /* leaves errno as it is */
