/*
 * Making a group, and ending it: what the files of this stage share.
 */
#pragma once

#include "05-cgroups/beyond/tree.h"

/* controllers.c: the limits: the list, or else those that options have set. */
const struct cgroup_setting *cgroup_list(const struct cgroup *cg);

/* cgroup.c: make the group at cg->path, if the caller may or has to. */
int cgroup_make_path(struct cgroup *cg, struct cgroup_tree *tree);

/* cgroup.c: make the group `below` the top, and those in between. */
int cgroup_make(struct cgroup *cg, struct cgroup_tree *tree, const char *below);

/*
 * cgroup.c: have clone3(2) start the child in the group, where there is a v2.
 */
void cgroup_clone_into(const struct cgroup *cg, struct clone_args *args);

/*
 * existing.c: what of a path is below the top.  One that begins with "/"
 * begins at the mount point; NULL: it does not come by the top.
 */
const char *cgroup_below_top(const struct cgroup_tree *tree, const char *path);

/*
 * existing.c: a group that existed may be used only if nobody is in it, and
 * it does not stand still.  -1 after a message; then cg has let go of it.
 */
int cgroup_check_unused(struct cgroup *cg);
void cgroup_leave(struct cgroup *cg); /* let go of those that existed */
int cgroup_is_frozen(const struct cgroup_tree *tree); /* look.h */

/* stop.c: kill what is in one group and wait until it is empty. */
int cgroup_empty(const struct cgroup_tree *tree);

/* own.c: make a group of the kit's own, rmdir any, sweep the dead ones. */
int cgroup_make_own(struct cgroup *cg, struct cgroup_tree *tree);
int cgroup_rmdir(const struct cgroup_tree *tree);
int cgroup_sweep_all(const struct cgroup *cg);
