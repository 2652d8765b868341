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

#include "10-full-container/volumes.h"

/*
 * In the parent, which alone has power over the host's filesystems: open the
 * bind mounts that have a map, and apply it.  The child inherits them.
 */
int volumes_map(struct volume *volumes);

/* In the parent, when the child has been started: let go of them. */
void volumes_release(struct volume *volumes);

/* In the child: apply the map to a new filesystem, not a bind mount. */
int volume_map_new(const struct volume *volume);
