/* What the files of this stage share; cgroup.h has what they offer. */
#pragma once

#include "05-cgroups/cgroup.h"

#define CGROUP_PARENT  "ten-steps" /* the kit's own groups are all below it */
#define CGROUP_TREES   16          /* more than there are controllers in v1 */
#define CGROUP_WAIT_MS 10000       /* for the kernel to stop or end all */
#define CGROUP_TEXT    4096        /* of one file in a group */

/* A mounted tree of groups.  The first in the list is v2's, or unused. */
struct cgroup_tree {
	bool is_v2;
	char *controllers; /* "memory pids"; NULL: there is no such tree */
	char *top;         /* the highest group the caller may write to */
	char *group;       /* the container's, below it; NULL: none here */
	int fd;            /* of that group; the lock on it says "in use" */
};

/* find.c: which trees are mounted, and where the caller may make groups. */
int cgroup_find(struct cgroup *cg);

/* The tree with the controller of this file, or NULL. */
const struct cgroup_tree *cgroup_tree_for(const struct cgroup *cg,
					  const char *file);

/* v2's tree if the container has a group there, or NULL. */
const struct cgroup_tree *cgroup_v2(const struct cgroup *cg);

/* controllers.c: enable what is wanted for the groups below this one. */
int cgroup_enable(const struct cgroup *cg, int dir, const char *path);

/* Does the container need a group in this tree? */
bool cgroup_needs_tree(const struct cgroup *cg, const struct cgroup_tree *tree);

/* Can the container's v2 group take a process?  -1 after a message. */
int cgroup_check_type(const struct cgroup *cg);

/* There is no group to write this file in: say why.  Returns -1. */
int cgroup_complain(const struct cgroup *cg, const char *file);

/* cgroup.c: make the group `below` the top, and those in between. */
int cgroup_make(const struct cgroup *cg, struct cgroup_tree *tree,
		const char *below);

/* Have clone3(2) start the child in the container's v2 group. */
void cgroup_clone_into(const struct cgroup *cg, struct clone_args *args);

/* Kill what is in one group and wait until it is empty. */
int cgroup_empty(const struct cgroup_tree *tree);

/* own.c: make a group of the kit's own and lock it. */
int cgroup_make_own(const struct cgroup *cg, struct cgroup_tree *tree);

/* rmdir an empty group, and the kit's parent group if that is empty too. */
int cgroup_rmdir(const struct cgroup_tree *tree);

/* files.c: is `name` a word of `list`, with commas or spaces in between? */
bool cgroup_has(const char *list, const char *name);

/* The next word of `*list`, or NULL.  The list is cut up. */
char *cgroup_next_word(char **list, const char *separators);

/* 0, or -1 with errno and no message. */
int cgroup_write(int dir, const char *file, const char *value);
int cgroup_read_text(int dir, const char *file, char text[CGROUP_TEXT]);

/* A number, see cgroup_read(). */
long long cgroup_number(int dir, const char *file, const char *key);

/* io.weight (1 to 10000) for a disk whose scheduler is BFQ. */
int cgroup_write_bfq(int dir, const char *file, const char *value);

/* Wait until cgroup.events has this line.  -1 after a message. */
int cgroup_wait_event(const struct cgroup_tree *tree, const char *key,
		      long long value);

/* cgroup_v1.c: the same verbs for a tree of v1. */
int cgroup_v1_prepare(int parent, int group, const char *path);
int cgroup_v1_limit(int dir, const char *file, const char *value);
int cgroup_v1_freeze(const struct cgroup_tree *tree, bool freeze);
int cgroup_v1_empty(const struct cgroup_tree *tree);
long long cgroup_v1_read(const struct cgroup *cg, const char *file,
			 const char *key);
