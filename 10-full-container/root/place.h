/*
 * Where in the root file system a mount may go: whoever made the image made the
 * links in it.  None leads out of the root (path.h), but to another place.
 */
#pragma once

#include "10-full-container/root/oci_mounts.h"

/*
 * In the child: the place of a mount that is made already, as O_PATH; it is
 * made if missing.  -1 after a message.
 */
int place_open(const struct oci_mount *volume, int root);

/* May something be mounted on what `fd` is open on?  -1 after a message. */
int place_check(int fd, int root, const char *path);

/* Are both open on the same file, seen through the same mount? */
bool place_is_same(int one, int other);

/* Is it a file of the kernel: of /proc, /sys, or a group's? */
bool place_is_kernels(int fd);

/* Is it "/" itself, as config.json says it and no link? */
bool place_is_root(const char *path);

/* Does the path mean /dev, also if it is written "/dev/"? */
bool place_is_dev(const char *path);
