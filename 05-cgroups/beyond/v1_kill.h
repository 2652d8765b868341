/* Freeze and kill in one of v1's trees. */
#pragma once

#include "05-cgroups/beyond/trees.h"

/*
 * Stop or continue; the tree is the one with the freezer.  The second has the
 * answers of look.h: 0, without a message, if it is gone.
 */
int v1_freeze(const struct cgroup_tree *tree, bool freeze);
int v1_try_freeze(const struct cgroup_tree *tree, bool freeze);

/* Let go on what is frozen in a group, or alone in one below it. */
int v1_thaw_below(int dir);

/* Kill all and wait until they are gone. */
int v1_empty(const struct cgroup_tree *tree);
