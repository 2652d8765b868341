/*
 * What is mounted on /proc, /sys and /dev, by itself and not by its path.
 *
 * Who can change the image's directory, as another container that has it for a
 * volume, may give its directories other names.  A mount goes with what it is
 * on: then /proc leads to a directory of the image, in which nothing is found
 * to be masked, and the kernel's is somewhere else.
 */
#pragma once

#include <stdbool.h>

#include "10-full-container/root/oci_mounts.h"

/* Is this one of the three? */
bool kept_is_place(const char *target);

/*
 * Where `*path` is to be looked for: below the mount of config.json that it is
 * in, and then `*path` goes on from there; or below the root.
 */
int kept_base(const struct oci_mount *volumes, int root, const char **path);

/* Do their paths still lead to these mounts? */
int kept_check(const struct oci_mount *volumes, int root);

/* `mount` has been put on `path`: if that is one of them, it counts now. */
int kept_cover(const struct oci_mount *volumes, const char *path, int mount);
