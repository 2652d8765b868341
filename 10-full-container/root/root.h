/*
 * The container's root file system, put together while the host's is there.
 *
 * Stage 04 enters the root first and then mounts what belongs into it.  Here
 * the order is the specification's: hooks run when all is mounted and the
 * root is not entered yet.  So each target is opened below a descriptor of
 * the root (path.h), never by its path.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "10-full-container/root/devices.h"
#include "10-full-container/root/oci_mounts.h"

struct root {
	char *path; /* of the directory on the host */
	bool is_readonly;
	bool is_nodev; /* no device of the image opens: no device rules */
	uint64_t propagation;     /* MS_PRIVATE ... of the root; 0: not given */
	struct oci_mount *mounts; /* ends with a target of NULL */
	struct device *devices;   /* ends with a path of NULL */
	char **masked, **readonly;
};

/*
 * In the parent: root of a user namespace is nobody special on the host, and
 * a home of mode 0700 is closed to it.  So the host's root, if we are, opens
 * the tree, and what is bound into it, before there is a child: mounts that
 * are nowhere yet (Linux 5.12).  `tree` is -1 for others.
 */
int root_open(const struct root *config, bool in_user_namespace, int *tree);

/*
 * In the child: bind the root file system to itself, or that tree over /;
 * make the mounts, and the devices.  Returns a descriptor of the root,
 * which is `tree` if there was one, or -1 after a message.
 */
int root_build(struct root *config, int tree, const struct cgroup *cg,
	       bool has_cgroup_namespace);

/* In the child: hide and protect paths; make the root read-only, if wanted. */
int root_protect(struct root *config, int root);

/*
 * In the child: this is the root now, and nothing of the old one is left; or,
 * if it may not use pivot_root(2), can be reached.  To be called once; paths
 * are the container's from here on.
 */
int root_enter(const struct root *config, int root, bool pivots);
