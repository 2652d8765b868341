/*
 * What the files of this module share, and nobody else sees.
 *
 * The work is divided between two processes: the parent (upper.c, report.c)
 * knows what has to be removed, the child (overlay.c) has the mount table.
 */
#pragma once

#include <sys/types.h>

#include "06-overlay/overlay.h"

/* From overlay_prepare() to overlay_remove(). */
struct overlay_state {
	char *place;    /* the merged directory: it covers the lowest layer */
	char *upper;    /* without symbolic links, or NULL */
	char *above;    /* the directory it is in */
	char *work;     /* the kernel's scratch directory, beside it */
	int lock;       /* the upper directory, locked */
	int tar;        /* the file for the layer */
	int sockets[2]; /* the parent's and the child's end */
};

/*
 * What the mount is made of: descriptors, so that it does not matter where
 * the directories are, what their names are, or what is mounted over them.
 */
struct overlay_parts {
	int layers[OVERLAY_LAYERS_MAX + 1];
	int count;
	int upper, work;
	bool is_userxattr;
};

/* The mount failed: say why.  Returns -1. */
int overlay_complain(const struct overlay *overlay,
		     const struct overlay_parts *parts);

/*
 * What the child hands over, for the parent to look at after its end.  The
 * descriptors keep the mounts alive, though their mount table is gone.
 */
struct overlay_handed {
	int upper;  /* all changes */
	int below;  /* what the layers look like without them */
	int userns; /* the user namespace in which owners are right */
	uid_t uid;  /* who the child is in there */
	gid_t gid;
	bool is_userxattr; /* marks are "user.overlay.*", not "trusted." */
};

/* In the child. */
int overlay_hand_over(int socket, const struct overlay_handed *handed);

/* In the parent.  0, and not 1: the child came to its end before. */
int overlay_take_over(int socket, struct overlay_handed *handed);
