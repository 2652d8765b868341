/*
 * What did killed programs of the kit leave, and whose is a group?
 *
 * A program that makes groups keeps a file, with the path of each of them in
 * a line, and holds a lock on it.  The kernel drops the lock at its death, and
 * the next program removes what is noted there.  The file is in a directory
 * that nobody else can open: a lock on the group itself could be taken by any
 * user, and by who is inside.
 */
#pragma once

#include "05-cgroups/cgroup.h"

#define OWN_PARENT "ten-steps" /* the kit's own groups are all below it */

struct cgroup_tree;

/*
 * Lock that directory, and remove what dead programs left: from here to
 * own_end() nobody else of the kit makes or removes a group.
 */
int own_begin(struct cgroup *cg);
void own_end(struct cgroup *cg);

/*
 * A path for a group, noted as ours before it is made.  v2's is cg->path; the
 * other one is for free(), or NULL after a message.
 */
int own_claim(struct cgroup *cg);
char *own_claim_in(struct cgroup *cg, const struct cgroup_tree *tree);

/* The last part of it: PROGRAM.PID.STARTTIME. */
const char *own_name(const struct cgroup *cg);

/* With the lock: remove the kit's parent group above it, if that is empty. */
void own_drop_parent(const char *path);

/* v2's could not be made: 0 if there need not be one, which has been asked. */
int own_give_up(struct cgroup *cg);

/*
 * Remove the container's group in all trees, those below it, and the kit's
 * parent group with the last one.  -1 after a message.
 */
int own_rmdir(struct cgroup *cg);

/* In any process: the descriptor of that file is closed. */
void own_close(struct cgroup *cg);

/* Remove what dead programs left; say what, and return how many groups. */
int own_sweep(void);
