/*
 * The mounts of config.json.
 *
 * They say more than a stage's --mount: which attributes to clear, what is
 * to hold for the mounts below as well, and how events propagate.  Each is
 * first made as in stage 03, a descriptor without a place, then changed, and
 * then attached to a target that was opened inside the root.  Linux 5.12.
 */
#pragma once

#include <jansson.h>
#include <linux/mount.h>
#include <stdbool.h>

#include "03-mount/mounts.h"
#include "05-cgroups/cgroup.h"
#include "07-caps/userns.h"

#define OCI_MOUNT_SOCKET "notify.sock"

struct oci_mount {
	struct mount mount;         /* target NULL ends a list */
	bool is_bind, is_recursive; /* with what is mounted below the source */
	const char *inside; /* the source, if an earlier mount brings it */
	int socket;         /* to be bound in it, by this name; or 0 */
	bool is_cgroup;     /* the type "cgroup": see oci_mounts_inside.h */
	bool is_remount;    /* change what is mounted there */
	bool copies_up, is_kept;    /* tmpcopyup; mount.fd stays open: kept.h */
	bool protects_late;         /* read-only when all of /dev is made */
	struct mount_attr one, all; /* this mount; and those below it */
	char *data, *target; /* of mount.data and mount.target, or NULL */
	const char *label;   /* mqueue: SELinux's for its files; or NULL */

	bool is_mapped, maps_below; /* idmap, ridmap: oci_mount_owners.h */
	struct userns *owners;      /* the map; or NULL, and ... */
	const char *owners_path;    /* ... that of this user namespace */
	int map;                    /* a user namespace that has it; or -1 */
};

/* Take in one mount option.  false: it is unknown, so for the filesystem. */
bool oci_mount_option(struct oci_mount *volume, const char *option);

/* Is it about the filesystem as a whole, so that a bind cannot change it? */
bool oci_mount_option_is_shared(const char *option);
json_t *oci_mount_options_list(void); /* all that are known */

/* In the child: make the mounts, in order; one on "/" becomes `*root`. */
int oci_mounts_attach(struct oci_mount *volumes, int *root,
		      const struct cgroup *cg, bool has_cgroup_namespace);
/* ... and make read-only what could not be so from the beginning. */
int oci_mounts_protect(struct oci_mount *volumes);

/*
 * Open the source of a bind mount, as mount.fd.  The last one in the child,
 * while its mounts are still the host's peers, for those that stay so: mounts
 * made inside appear outside ("bidirectional").
 */
int oci_mount_bind(struct oci_mount *volume);
int oci_mount_bind_inside(struct oci_mount *volume, int root);
int oci_mounts_bind_shared(struct oci_mount *volumes);
