/*
 * The mounts of config.json.
 *
 * They say more than a stage's --mount: which attributes to clear, what is
 * to hold for the mounts below as well, and how events propagate.  Each is
 * first made as in stage 03, a descriptor without a place, then changed, and
 * then attached to a target that was opened inside the root.
 */
#pragma once

#include <linux/mount.h>
#include <stdbool.h>

#include "03-mount/mounts.h"
#include "05-cgroups/cgroup.h"

struct volume {
	struct mount mount; /* target NULL ends a list */
	bool is_bind;
	bool is_recursive;     /* with what is mounted below the source */
	bool is_cgroup;        /* the type "cgroup": see cgroup_mount.c */
	bool is_remount;       /* change what is mounted there */
	bool copies_up;        /* tmpcopyup: starts as what it hides */
	bool protects_late;    /* read-only when all of /dev is made */
	struct mount_attr one; /* for this mount ... */
	struct mount_attr all; /* ... and for those below it, too */
	char *data;            /* what mount.data points to */
};

/* Take in one mount option.  false: it is unknown, so for the filesystem. */
bool volume_option(struct volume *volume, const char *option);

/* Is it about the filesystem as a whole, so that a bind cannot change it? */
bool volume_option_is_shared(const char *option);

/* In the child: make the mounts and attach them below `root`, in order. */
int volumes_attach(struct volume *volumes, int root, const struct cgroup *cg,
		   bool has_cgroup_namespace);

/* In the child: make read-only what could not be so from the beginning. */
int volumes_protect(const struct volume *volumes, int root);

/* Put a mount on what `target` is open on; `name` is for the message. */
int volume_place(int mount, int target, const char *name);
