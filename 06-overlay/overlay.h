/*
 * OverlayFS: several directories seen as one, and only one of them written.
 *
 *     merged   /bin/sh  /etc/motd (changed)           what the container sees
 *     upper             /etc/motd  /etc/hosts (c 0,0)  what it changed
 *     lower    /bin/sh  /etc/motd  /etc/hosts          the image's layers
 *
 * The first write to a file copies it up, whole.  A deletion leaves a
 * "whiteout" in the upper directory, a character device with the number 0,0;
 * a directory that replaces one is marked "opaque" by an extended attribute.
 * So the upper directory is the difference, and packed, the next layer.
 */
#pragma once

#include <stdbool.h>

#include "01-uts/options.h"
#include "04-chroot/rootfs.h"

#define OVERLAY_LAYERS 128

struct overlay {
	const char *layers[OVERLAY_LAYERS + 1]; /* lowest first; ends in NULL */
	const char *upper;  /* NULL: a tmpfs that is thrown away */
	bool diff;          /* say at the end what changed */
	const char *commit; /* and write it to this file, as an image layer */
	int lock;           /* on `upper`, while it is in use */
	int channel[2];     /* the child sends its upper directory through it */
	char root[4096];    /* where the merged directory is, in the child */
};

extern const struct option_entry overlay_options[];

/*
 * In the parent: check the layers, and make `rootfs` the merged directory.
 * Without layers nothing happens, here and below.
 */
int overlay_prepare(struct overlay *overlay, struct rootfs *rootfs);

/* In the child, in its own mount namespace: mount.  See overlayfs in the
 * kernel documentation; Linux 5.11 in a user namespace. */
int overlay_setup(struct overlay *overlay, bool in_user_namespace);

/* In the parent, when the container has ended: --diff and --commit. */
int overlay_report(struct overlay *overlay);

/* In the parent: let go of all that overlay_prepare() took. */
void overlay_remove(struct overlay *overlay);
