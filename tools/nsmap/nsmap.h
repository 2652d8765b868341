/* What nsmap knows of a machine: spaces, which are namespaces. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define SHOWN 4 /* processes that are named in a line */

struct kind {
	const char *name;
	int type;             /* what NS_GET_NSTYPE says */
	const char *children; /* the link of what this process's children get */
};

struct process {
	int pid;
	bool is_kernel; /* a kernel thread */
	bool is_parent; /* not itself: its next child will live here */
	char name[20];
};

struct space {
	ino_t id;
	const struct kind *kind;
	ino_t owner, parent;       /* 0: not visible from here, or none */
	const struct space *above; /* where it hangs in the tree */
	uid_t uid;                 /* of a user namespace's maker */
	char *mount;               /* a file that keeps it, or NULL */
	struct process shown[SHOWN];
	int count;
};

struct map {
	struct space **spaces;
	size_t count;
	dev_t device; /* of the filesystem that namespaces are files of */
	int unseen;   /* processes that could not be looked at */
};

/* Fill the map.  Returns 0, or -1 after a message. */
int nsmap_look(struct map *map);

void nsmap_free(struct map *map);

bool nsmap_is_kind(const struct space *space, int type);

/* Draw it on standard output, as a tree or for graphviz. */
void nsmap_draw(const struct map *map);
void nsmap_draw_dot(const struct map *map);
