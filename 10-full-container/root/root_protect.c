/*
 * Over what is there by now: read-only and masked paths, and the root itself.
 *
 * The image has had its say by then, and so had hooks.  So a path is looked for
 * below the mount that it is about, and what covers it is the host's.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "03-mount/syscalls.h"
#include "10-full-container/guard/path.h"
#include "10-full-container/root/kept.h"
#include "10-full-container/root/place.h"
#include "10-full-container/root/root.h"

static const struct hint mask_hints[] = {
	{ ENODEV, "the host's /dev/null is not the device 1:3" },
	{ 0, NULL },
};

static int root_find(const struct root *config, int root, const char *path)
{
	int base = kept_base(config->mounts, root, &path);

	return path_open(base, path, O_PATH);
}

static int root_put(const struct root *config, int mount, int target,
		    const char *path)
{
	if (path_place(mount, target, path) < 0)
		return -1;
	return kept_cover(config->mounts, path, mount);
}

/*
 * One path, with what is mounted below it.  "Read-only" is an attribute of a
 * mount, so the path is made one: it is bound over itself.
 */
static int root_make_readonly(const struct root *config, int root,
			      const char *path)
{
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_RDONLY };
	CLEANUP_CLOSE int tree = -1, target = root_find(config, root, path);

	if (target < 0 && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	if (target < 0)
		return error_call(NULL, "find %s to make it read-only", path);
	/* Over the root nothing can be bound: pivot_root(2) goes below it. */
	if (place_is_same(target, root))
		return mount_setattr(root, "", AT_EMPTY_PATH, &attr,
				     sizeof(attr)) < 0
			       ? error_call(NULL, "make the root read-only")
			       : 0;
	tree = open_tree(target, "",
			 OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH |
				 AT_RECURSIVE);
	if (tree < 0 || mount_setattr(tree, "", AT_EMPTY_PATH | AT_RECURSIVE,
				      &attr, sizeof(attr)) < 0)
		return error_call(NULL, "make %s read-only", path);
	return root_put(config, tree, target, path);
}

/* What hides a directory: an empty one.  The first is made, others bound. */
static int root_empty_directory(const char *path, int *empty)
{
	struct mount table[2] = { {
		.target = "a masked directory",
		.type = "tmpfs",
		.data = "size=0,nr_inodes=1,mode=755",
		.attributes = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID |
			      MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC,
	} };
	int fd;

	if (*empty >= 0) {
		fd = open_tree(*empty, "",
			       OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC |
				       AT_EMPTY_PATH);
		return fd < 0 ? error_call(NULL, "mask %s", path) : fd;
	}
	if (mounts_open(table) < 0)
		return -1;
	*empty = fcntl(table[0].fd, F_DUPFD_CLOEXEC, 0);
	return table[0].fd;
}

/*
 * What hides a file: the host's /dev/null, never one from the image, which
 * could be anything (CVE-2025-31133).  Its mount is read-only: it can still
 * be written to, but its owner and mode, which are the host's, are safe.
 */
static int root_null(const char *path)
{
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_RDONLY |
					       MOUNT_ATTR_NOSUID |
					       MOUNT_ATTR_NOEXEC };
	struct stat status;
	CLEANUP_CLOSE int fd = open_tree(AT_FDCWD, "/dev/null",
					 OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC |
						 AT_SYMLINK_NOFOLLOW);

	if (fd < 0 || fstat(fd, &status) < 0)
		return error_call(NULL, "mask %s", path);
	if (!S_ISCHR(status.st_mode) || status.st_rdev != makedev(1, 3))
		errno = ENODEV;
	else if (mount_setattr(fd, "", AT_EMPTY_PATH, &attr, sizeof(attr)) == 0)
		return cleanup_keep(&fd);
	return error_call(mask_hints, "mask %s", path);
}

/*
 * A path that is not there needs no cover.  It could not be made either: most
 * are files of /proc, and another kernel has others.
 */
static int root_mask(const struct root *config, int root, const char *path,
		     int *empty)
{
	CLEANUP_CLOSE int cover = -1, target = root_find(config, root, path);
	struct stat status;

	if (target < 0 && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	if (target < 0 || fstat(target, &status) < 0)
		return error_call(NULL, "find %s to mask it", path);
	cover = S_ISDIR(status.st_mode) ? root_empty_directory(path, empty)
					: root_null(path);
	return cover < 0 ? -1 : root_put(config, cover, target, path);
}

/*
 * Masks after read-only paths: a mask in a read-only directory is still a
 * mount.
 */
int root_protect(struct root *config, int root)
{
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_RDONLY };
	CLEANUP_CLOSE int empty = -1;

	if (kept_check(config->mounts, root) < 0 ||
	    oci_mounts_protect(config->mounts) < 0)
		return -1;
	for (char **path = config->readonly; path && *path; path++)
		if (root_make_readonly(config, root, *path) < 0)
			return -1;
	for (char **path = config->masked; path && *path; path++)
		if (root_mask(config, root, *path, &empty) < 0)
			return -1;
	if (config->is_readonly &&
	    mount_setattr(root, "", AT_EMPTY_PATH, &attr, sizeof(attr)) < 0)
		return error_call(NULL, "make the root read-only");
	return 0;
}
