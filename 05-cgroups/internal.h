/* What the files of this stage share; cgroup.h has what they offer. */
#pragma once

#include "05-cgroups/cgroup.h"

#define CGROUP_PARENT  "ten-steps" /* the kit's own groups are all below it */
#define CGROUP_WAIT_MS 10000       /* for the kernel to stop or end all */
#define CGROUP_TEXT    4096        /* of one file in a group */

/* find.c: which trees are mounted, and where the caller may make groups. */
void cgroup_find(struct cgroup *cg);

/* find.c: the tree that has the controller of this file, or NULL. */
const struct cgroup_tree *cgroup_tree_for(const struct cgroup *cg,
					  const char *file);

/* find.c: there is no group to write this file in: say why.  Returns -1. */
int cgroup_complain(const struct cgroup *cg, const char *file);

/* files.c: is `name` a word of `list`, with commas or spaces in between? */
bool cgroup_has(const char *list, const char *name);

/* files.c: the next word of `*list`, or NULL.  The list is cut up. */
char *cgroup_next_word(char **list, const char *separators);

/* files.c: 0, or -1 with errno and no message. */
int cgroup_write(int dir, const char *file, const char *value);
int cgroup_read_text(int dir, const char *file, char text[CGROUP_TEXT]);

/* files.c: a number, see cgroup_read(); "max" and a missing one are -1. */
long long cgroup_number(int dir, const char *file, const char *key);

/* files.c: io.weight (1 to 10000) for a disk whose scheduler is BFQ. */
int cgroup_write_bfq(int dir, const char *file, const char *value);

/* files.c: wait for a line of cgroup.events.  -1 after a message. */
int cgroup_wait_event(const struct cgroup_tree *tree, const char *key,
		      long long value);

/* cgroup.c: make the group `below` the top, and those in between. */
int cgroup_make(const struct cgroup *cg, struct cgroup_tree *tree,
		const char *below);

/* cgroup.c: kill what is in one group and wait until it is empty. */
int cgroup_empty(const struct cgroup_tree *tree);

/* own.c: make a group of the kit's own, locked.  Sweeps first. */
int cgroup_make_own(const struct cgroup *cg, struct cgroup_tree *tree);

/* own.c: rmdir an empty group, and the kit's parent group if it is empty. */
int cgroup_rmdir(const struct cgroup_tree *tree);

/* cgroup_v1.c: the same verbs for one tree of v1. */
int cgroup_v1_prepare(int parent, int group, const char *path);
int cgroup_v1_limit(int dir, const char *file, const char *value);
int cgroup_v1_freeze(const struct cgroup_tree *tree, bool freeze);
int cgroup_v1_empty(const struct cgroup_tree *tree);
long long cgroup_v1_read(const struct cgroup *cg, const char *file,
			 const char *key);
