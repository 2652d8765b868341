/*
 * Mount namespace: a private table of what is mounted where.
 *
 * A new one is a copy, but by default not a private one: on a systemd host
 * mounts are "shared", and a mount made in the copy appears on the host too.
 * So the first step is to make every mount private.
 *
 * Since Linux 5.2 a mount is a descriptor before it has a place:
 *
 *     open_tree, fsopen+fsmount  ->  fd  ->  move_mount to the target
 *
 * That lets us take a directory in hand while it can still be seen, change
 * the root directory (stage 04), and put the mount down afterwards.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "habits/options.h"

#define MOUNTS_MAX 32

struct mount {
	const char *target;  /* NULL ends a table */
	const char *source;  /* bind this file or directory, or ... */
	const char *type;    /* ... make a new filesystem of this type */
	const char *data;    /* its options: "size=1m,mode=755" */
	uint64_t attributes; /* MOUNT_ATTR_*: see mount_setattr(2) */
	const char *instead; /* bind this if the type is not permitted */
	int fd;              /* the mount while it has no place yet */
};

struct mounts {
	struct mount table[MOUNTS_MAX]; /* ends with a target of NULL */
};

extern const struct option_entry mounts_options[];

/* In the child: cut the mount table off from the host's.  Before any mount. */
int mounts_make_private(void);

/* In the child: make the table's mounts, still without a place.  Linux 5.12. */
int mounts_open(struct mount *table);

/*
 * In the child: put them at their targets, in the table's order.  With
 * `create`, a missing target is made first (never on the host: only below a
 * root of the container's own).
 */
int mounts_attach(struct mount *table, bool create);
