/*
 * The trees of groups that a machine has: one with v2, several with v1, both
 * kinds in between ("hybrid").  Every process is in one group of each.
 */
#pragma once

#include "05-cgroups/beyond/existing.h"

#define CGROUP_PARENT  "ten-steps" /* the kit's own groups are all below it */
#define CGROUP_TREES   24          /* v2, v1's controllers, some by name */
#define CGROUP_WAIT_MS 10000       /* for the kernel to stop or end all */

struct cgroup_tree {
	bool is_v2;        /* so is the first of the list, if there is a v2 */
	char *controllers; /* "memory pids"; NULL: there is no such tree.  v1:
			      "cpu,cpuacct", "name=systemd" has none */
	char *point;       /* where it is mounted */
	char *top;         /* the highest group the caller may write to */
	const char *hint;  /* without a top: what could be done about it */
	char *group;       /* the container's, below it; NULL: none here */
	int fd;            /* of that group; the lock on it says "in use" */
	size_t ours;       /* the kit's begin after so much of its name; or 0 */
};

/* find.c: fill cg->trees. */
int cgroup_find(struct cgroup *cg);

/*
 * What v1 calls a tree, "cpu,cpuacct" or "name=systemd", as mount(2) takes it;
 * of v2's it is "".
 */
#define CGROUP_TREE_NAME 128
void cgroup_tree_name(const struct cgroup_tree *tree,
		      char name[CGROUP_TREE_NAME]);

/* The tree with the controller of this file, or NULL. */
const struct cgroup_tree *cgroup_tree_for(const struct cgroup *cg,
					  const char *file);

/* v2's tree if the container has a group there, or NULL. */
const struct cgroup_tree *cgroup_v2(const struct cgroup *cg);

/* controllers.c: does the container need a group in this tree? */
bool cgroup_needs_tree(const struct cgroup *cg, const struct cgroup_tree *tree);

/* Is there a limit that only a group in this tree can have? */
bool cgroup_limits_tree(const struct cgroup *cg,
			const struct cgroup_tree *tree);

/* v2: enable what the container needs for the groups below this one. */
int cgroup_enable(const struct cgroup *cg, int dir, const char *path,
		  bool is_ours);

/* v2: can a process start in the container's group?  -1 after a message. */
int cgroup_check_type(const struct cgroup *cg);

/* There is no group to write this setting in: say why.  Returns -1. */
int cgroup_complain(const struct cgroup *cg,
		    const struct cgroup_setting *setting);
