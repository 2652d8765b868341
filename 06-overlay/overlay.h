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

	/* From prepare to remove: */
	char *place;           /* where the layers are seen as one */
	struct upper *kept;    /* beyond/upper.h: the directory of --upper */
	struct report *report; /* beyond/report.h: --diff and --commit */
};

extern const struct option_entry overlay_options[];

/*
 * In the parent, before there is a child: choose the place.  It is `rootfs`
 * from then on; a root directory given as well is the lowest layer.  Without
 * any of these options nothing happens, here and below.
 */
int overlay_prepare(struct overlay *overlay, struct rootfs *rootfs);

/*
 * In the child: mount the layers as one, in a private mount table, where only
 * it can see it.  Nothing is made on the host.  In a user namespace since
 * Linux 5.11.
 */
int overlay_setup(const struct overlay *overlay);

/* After it: say what was changed, or write it to a file. */
int overlay_report(const struct overlay *overlay);

/* After it: let go of what was prepared.  May be repeated. */
void overlay_remove(struct overlay *overlay);
