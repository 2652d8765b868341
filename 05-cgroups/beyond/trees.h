/*
 * The trees of groups that a machine has: one with v2, several with v1, both
 * kinds in between ("hybrid").  Every process is in one group of each.
 */
#pragma once

#include "05-cgroups/beyond/settings.h"
#include "05-cgroups/cgroup.h"

#define TREES_MAX  24 /* v2, v1's controllers, some by name */
#define TREES_NAME 128

struct cgroup_tree {
	bool is_v2;        /* so is the first of the list, if there is a v2 */
	char *controllers; /* "memory pids"; NULL: there is no such tree.  v1:
			      "cpu,cpuacct", "name=systemd" has none */
	char *point;       /* where it is mounted */
	char *top;         /* the highest group the caller may write to */
	const char *hint;  /* without a top: what could be done about it */
	char *group;       /* the container's; NULL: none here.  v2's is the */
	int fd;            /* path, and this is the dir, of struct cgroup */
	bool existed;      /* before the container */
	size_t ours;       /* the kit's begin after so much of its name; or 0 */
};

struct others {
	struct cgroup_tree trees[TREES_MAX];
	struct cgroup_limit settings[CGROUP_SETTINGS + 1];
	const struct cgroup_limit *limits; /* these, or a caller's list */
	const char *path;                  /* that the caller has chosen */
	bool every_tree; /* and every controller, also without limits */
	bool rules;      /* v1: there will be rules for devices */
	int locks;       /* own.c: where the claims are, while it is locked */
	char *claim;     /* the file that says whose the groups are, */
	int claim_fd;    /* and open */
};

/* Begin to know more of it, if that is not so yet; -1 after a message. */
int trees_begin(struct cgroup *cg);

/* Those with a group of the container: the next one, or NULL. */
struct cgroup_tree *trees_next(const struct cgroup *cg,
			       const struct cgroup_tree *last);
#define trees_each(cg, tree)                     \
	for (struct cgroup_tree * (tree) = NULL; \
	     ((tree) = trees_next((cg), (tree)));)

/* With the controller of this file, "memory.max"; with this name; or NULL. */
struct cgroup_tree *trees_with(const struct cgroup *cg, const char *file);
struct cgroup_tree *trees_named(const struct cgroup *cg, const char *wanted);

bool trees_have_v1(const struct cgroup *cg);

/* "cpu,cpuacct" or "name=systemd", as mount(2) takes it; of v2's it is "". */
void trees_name(const struct cgroup_tree *tree, char name[TREES_NAME]);

/* This is the container's group there; and: it has none there. */
void trees_hold(struct cgroup *cg, struct cgroup_tree *tree, int fd,
		char *group);
void trees_let_go(struct cgroup *cg, struct cgroup_tree *tree);
