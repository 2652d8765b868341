#include "10-full-container/root.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "01-uts/cleanup.h"
#include "01-uts/error.h"
#include "03-mount/syscalls.h"
#include "10-full-container/path.h"

static const struct hint root_hints[] = {
	{ ENOENT, "root.path is a directory on the host, or in the bundle if "
		  "it does not start with /" },
	{ ENOTDIR, "a root file system is a directory" },
	{ 0, NULL },
};

/*
 * Cut the mount table off from the host's.  Only who wants to see the host's
 * later mounts (slave, shared) stays connected, and in one direction.
 */
static int root_separate(const struct spec *spec)
{
	struct mount_attr attr = { .propagation = MS_PRIVATE };
	bool is_connected =
		spec->propagation == MS_SLAVE || spec->propagation == MS_SHARED;

	for (struct volume *v = spec->volumes; v && v->mount.target; v++) {
		uint64_t wanted = v->one.propagation | v->all.propagation;

		is_connected |= (wanted & (MS_SLAVE | MS_SHARED)) != 0;
	}
	if (is_connected)
		attr.propagation = MS_SLAVE;
	if (mount_setattr(AT_FDCWD, "/", AT_RECURSIVE, &attr, sizeof(attr)) < 0)
		return error_call(NULL, "separate the mounts from the host's");
	return 0;
}

/* pivot_root(2) wants a mount; so the directory is bound over itself. */
static int root_bind(const struct spec *spec)
{
	CLEANUP_CLOSE int tree = -1;
	const char *path = spec->rootfs.path;
	struct mount_attr attr = { .propagation = MS_PRIVATE };
	int root;

	if (spec->propagation)
		attr.propagation = spec->propagation;
	tree = open_tree(AT_FDCWD, path,
			 OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
	if (tree < 0)
		return error_call(root_hints, "open the root directory %s",
				  path);
	if (attr.propagation != MS_SLAVE &&
	    mount_setattr(tree, "", AT_EMPTY_PATH, &attr, sizeof(attr)) < 0)
		return error_call(NULL, "set the propagation of the root");
	if (move_mount(tree, "", AT_FDCWD, path,
		       MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_SYMLINKS) < 0)
		return error_call(root_hints, "bind %s to itself", path);
	root = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return error_call(root_hints, "open the root directory %s",
				  path);
	return root;
}

/* A /dev that is the host's, or the image's, is left as it is. */
static bool root_has_own_dev(const struct spec *spec)
{
	for (struct volume *v = spec->volumes; v && v->mount.target; v++)
		if (strcmp(v->mount.target, "/dev") == 0)
			return !v->is_bind;
	return true;
}

int root_build(struct spec *spec, const struct cgroup *cg)
{
	bool own_groups = spec->namespaces.own & CLONE_NEWCGROUP;
	int root;

	if (root_separate(spec) < 0)
		return -1;
	root = root_bind(spec);
	if (root < 0)
		return -1;
	if (volumes_attach(spec->volumes, root, cg, own_groups) == 0 &&
	    (!root_has_own_dev(spec) ||
	     devices_make(spec->devices, root, !spec->userns.enabled) == 0) &&
	    volumes_protect(spec->volumes, root) == 0)
		return root;
	close(root);
	return -1;
}

/* One path, with what is mounted below it. */
static int root_make_readonly(int root, const char *path)
{
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_RDONLY };
	CLEANUP_CLOSE int tree = -1, target = path_open(root, path, O_PATH);

	if (target < 0 && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	if (target < 0)
		return error_call(NULL, "find %s to make it read-only", path);
	tree = open_tree(target, "",
			 OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH |
				 AT_RECURSIVE);
	if (tree < 0 || mount_setattr(tree, "", AT_EMPTY_PATH | AT_RECURSIVE,
				      &attr, sizeof(attr)) < 0)
		return error_call(NULL, "make %s read-only", path);
	return volume_place(tree, target, path);
}

/* What hides a directory: an empty one.  The first is made, others bound. */
static int root_empty_directory(int *empty)
{
	struct mount table[2] = { {
		.target = "a masked directory",
		.type = "tmpfs",
		.data = "size=0,nr_inodes=1,mode=755",
		.attributes = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID |
			      MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC,
	} };

	if (*empty >= 0)
		return open_tree(*empty, "",
				 OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC |
					 AT_EMPTY_PATH);
	if (mounts_open(table) < 0)
		return -1;
	*empty = dup(table[0].fd);
	return table[0].fd;
}

/* What hides a file: the host's /dev/null, never one from the image. */
static int root_null(void)
{
	return open_tree(AT_FDCWD, "/dev/null",
			 OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC |
				 AT_SYMLINK_NOFOLLOW);
}

static int root_mask(int root, const char *path, int *empty)
{
	CLEANUP_CLOSE int cover = -1, target = path_open(root, path, O_PATH);
	struct stat status;

	if (target < 0 && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	if (target < 0 || fstat(target, &status) < 0)
		return error_call(NULL, "find %s to mask it", path);
	cover = S_ISDIR(status.st_mode) ? root_empty_directory(empty)
					: root_null();
	if (cover < 0)
		return error_call(NULL, "mask %s", path);
	return volume_place(cover, target, path);
}

int root_protect(const struct spec *spec, int root)
{
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_RDONLY };
	CLEANUP_CLOSE int empty = -1;

	for (char **path = spec->readonly; path && *path; path++)
		if (root_make_readonly(root, *path) < 0)
			return -1;
	for (char **path = spec->masked; path && *path; path++)
		if (root_mask(root, *path, &empty) < 0)
			return -1;
	if (spec->is_root_readonly &&
	    mount_setattr(root, "", AT_EMPTY_PATH, &attr, sizeof(attr)) < 0)
		return error_call(NULL, "make the root read-only");
	return 0;
}

int root_enter(const struct spec *spec, int root)
{
	if (fchdir(root) < 0 || syscall(SYS_pivot_root, ".", ".") < 0)
		return error_call(NULL, "make %s the root (pivot_root)",
				  spec->rootfs.path);
	/* No shared mount is left (root_separate), so this stays in here. */
	if (umount2(".", MNT_DETACH) < 0 || chdir("/") < 0)
		return error_call(NULL, "leave the old root");
	return 0;
}
