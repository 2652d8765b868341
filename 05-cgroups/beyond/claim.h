/*
 * Which groups are the kit's, and whether who made them still lives.
 *
 * A program that makes groups keeps a file, with the path of each of them in
 * a line, and holds a lock on it.  The kernel drops the lock at its death.
 * The file is in a directory that nobody else can open: a lock on the group
 * itself could be taken by any user, and by who is inside.
 */
#pragma once

#include "05-cgroups/cgroup.h"

/*
 * Open that directory and lock it: meanwhile nobody else of the kit makes or
 * removes a group.  -1 with errno: ENOENT if it is not there, and `create` is
 * not set; ETIMEDOUT, after a message, if another one does not let go.
 */
int claim_lock(bool create);

/* Let go; it is removed if nothing is in it. */
void claim_unlock(int dir);

/* With the lock: the group at `path` is going to be ours. */
int claim_note(struct cgroup *cg, int dir, const char *path);

/* They are all removed. */
void claim_drop(struct cgroup *cg);

/* In any process: its descriptor is closed. */
void claim_close(struct cgroup *cg);

/*
 * With the lock: visit each path that a dead program has noted, and forget it
 * unless a visit returns -1.  The sum of what the others return.
 */
int claim_visit_dead(int dir, int (*visit)(const struct cgroup *, const char *),
		     const struct cgroup *cg);
