/*
 * Overlay: several directories seen as one, and copy on write.
 *
 *     seen     /bin/sh   /etc/motd'
 *               |         |
 *     upper     |        /etc/motd'   /etc/passwd: whiteout   takes changes
 *     layer 2   |        /etc/motd                            only read
 *     layer 1  /bin/sh                /etc/passwd             only read
 *
 * A file is copied to the upper directory when it is first opened for
 * writing.  A deletion leaves a mark there, for the layers stay as they are.
 * So the upper directory holds exactly what the container changed.
 */
#pragma once

#include "habits/options.h"
#include "04-chroot/rootfs.h"

#define OVERLAY_LAYERS_MAX 500 /* the kernel's limit */

struct overlay {
	const char *layers[OVERLAY_LAYERS_MAX + 1]; /* lowest first */
	const char *upper;  /* NULL: a tmpfs that ends with the container */
	bool diff;          /* print what was changed */
	const char *commit; /* write it to this file, as an image layer */

	struct overlay_state *state; /* from prepare to remove */
};

extern const struct option_entry overlay_options[];

/*
 * In the parent, before there is a child.  A root directory given as well is
 * the lowest layer; `rootfs` becomes the merged one.  The upper directory is
 * locked: the kernel only warns when two containers use the same.  Without
 * any of these options nothing happens, here and below.
 */
int overlay_prepare(struct overlay *overlay, struct rootfs *rootfs);

/*
 * In the child, with a private mount table: mount the layers, where only it
 * can see it.  Nothing is made on the host.  In a user namespace Linux 5.11.
 */
int overlay_setup(const struct overlay *overlay);

/* In the parent, after the command's end: --diff and --commit. */
int overlay_report(const struct overlay *overlay);

/* In the parent: remove the work directory, let go of the upper one. */
void overlay_remove(struct overlay *overlay);
