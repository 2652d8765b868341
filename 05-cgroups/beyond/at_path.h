/* Within beyond/: make a group at a path, in one tree. */
#pragma once

#include "05-cgroups/beyond/trees.h"

/* What of others->path is below the top; NULL: it does not come by there. */
const char *existing_below_top(const struct cgroup_tree *tree,
			       const char *path);

/* Make the group at others->path, if the caller may or has to. */
int existing_make_path(struct cgroup *cg, struct cgroup_tree *tree);

/* Make the group `below` the top, and those in between. */
int existing_make(struct cgroup *cg, struct cgroup_tree *tree,
		  const char *below);

/* v1: a cpuset that nobody has filled takes no process. */
int existing_fill(int parent, int group, const char *path);

int existing_is_frozen(const struct cgroup_tree *tree); /* look.h */
