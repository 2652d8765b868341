/*
 * The groups, as the container sees them at /sys/fs/cgroup.
 *
 * With v2 it is one file system.  With v1 it is a directory with one for
 * each tree, as on the host.  In a cgroup namespace a new mount shows no
 * more than the container's own groups; without one, these are bound.
 */
#pragma once

#include <stdbool.h>

#include "05-cgroups/cgroup.h"
#include "10-full-container/root/oci_mounts.h"

/* In the child: attach the mount of type "cgroup" below `root`. */
int cgroup_mount_attach(const struct oci_mount *volume, int root,
			const struct cgroup *cg, bool has_namespace);
