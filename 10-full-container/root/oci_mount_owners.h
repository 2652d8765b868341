/*
 * Id-mapped mounts: the same files, with other owners, in one place only.
 *
 *     on the disk 0  --the mount's map-->  100000  --linux.uidMappings-->  0
 *
 * The map is that of a user namespace, which is made for nothing else: its
 * only process ends as soon as the map is written and the namespace open.
 * See mount_setattr(2), MOUNT_ATTR_IDMAP, Linux 5.12.
 */
#pragma once

#include "10-full-container/root/oci_mounts.h"

/*
 * In the parent, which alone has power over the host's filesystems: open the
 * bind mounts that have a map, and apply it.  The child inherits them.
 */
int oci_mounts_map(struct oci_mount *volumes);

/* In the parent, when the child has been started: let go of them. */
void oci_mounts_release(struct oci_mount *volumes);

/* In the child: apply the map to a new filesystem, not a bind mount. */
int oci_mount_map_new(const struct oci_mount *volume);
