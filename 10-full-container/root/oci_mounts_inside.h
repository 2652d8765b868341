/*
 * In the child: two kinds of `mounts` that oci_mounts.c has others do.
 */
#pragma once

#include <stdbool.h>

#include "05-cgroups/cgroup.h"
#include "10-full-container/root/oci_mounts.h"

/*
 * In oci_mount_cgroup.c: attach the mount of type "cgroup" below `root`.  In a
 * cgroup namespace a new mount shows the container's own groups and no more.
 */
int oci_mount_cgroup(const struct oci_mount *volume, int root,
		     const struct cgroup *cg, bool has_namespace);

/*
 * In oci_mount_copy_up.c, for the option tmpcopyup: copy all from the directory
 * `from` to `to`, a tmpfs that will cover it.  For a directory of the image
 * that must be writable, though the image is not.
 */
int oci_mount_copy_up(int from, int to);
