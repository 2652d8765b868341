/*
 * /sys/fs/cgroup inside: the container's own groups, and no others.
 *
 * With a cgroup namespace a new mount of the file system begins at the
 * container's group by itself (cgroup_namespaces(7)).  Without one the same is
 * reached by binding the group's directory.  On v1 there is a mount for each
 * tree, in a tmpfs.
 *
 * The host's tree would be worse than none: root inside could read the limits
 * of all others, and where it is writable, change them.
 */
#include "10-full-container/root/oci_mounts_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "03-mount/syscalls.h"
#include "05-cgroups/beyond/lists.h"
#include "05-cgroups/beyond/trees.h"
#include "10-full-container/guard/path.h"
#include "10-full-container/root/place.h"

/* A mount of one tree, without a place yet; -1 after a message. */
static int cgroup_mount_open(const struct cgroup_tree *tree,
			     const struct oci_mount *volume, const char *name,
			     bool has_namespace)
{
	struct mount_attr attr = { .attr_set = volume->one.attr_set };
	struct mount table[2] = { {
		.target = volume->mount.target,
		.type = tree->is_v2 ? "cgroup2" : "cgroup",
		.data = tree->is_v2 ? NULL : name,
		.attributes = volume->one.attr_set,
	} };
	int fd;

	if (has_namespace)
		return mounts_open(table) < 0 ? -1 : table[0].fd;
	fd = open_tree(AT_FDCWD, tree->group,
		       OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	if (fd >= 0 &&
	    mount_setattr(fd, "", AT_EMPTY_PATH, &attr, sizeof(attr)) == 0)
		return fd;
	error_call(NULL, "bind the group %s", tree->group);
	if (fd >= 0)
		close(fd);
	return -1;
}

/*
 * Where the image has a link, the groups do not go (place.c).  The place is
 * looked up once: what goes into the mount is then opened below the mount.
 */
static int cgroup_mount_place(const struct oci_mount *volume, int root,
			      int mount)
{
	struct oci_mount made = *volume;
	CLEANUP_CLOSE int target = -1;

	made.mount.fd = mount;
	target = place_open(&made, root);
	return target < 0 ? -1
			  : path_place(mount, target, volume->mount.target);
}

/*
 * Where two controllers share a tree, programs look for each of them by its
 * own name: "cpu" is a link to "cpu,cpuacct".
 */
static int cgroup_mount_link(int top, const char *place, char *name)
{
	char *word;

	if (!strchr(name, ','))
		return 0;
	while ((word = cgroup_next_word(&name, ",")))
		if (symlinkat(place, top, word) < 0 && errno != EEXIST)
			return error_call(NULL, "make the link %s", word);
	return 0;
}

/* One tree, in a directory of the tmpfs that is open as `top`. */
static int cgroup_mount_below(const struct oci_mount *volume, int top,
			      const struct cgroup_tree *tree,
			      bool has_namespace)
{
	CLEANUP_CLOSE int mount = -1, target = -1;
	char name[TREES_NAME];
	const char *place = name;

	trees_name(tree, name);
	mount = cgroup_mount_open(tree, volume, name, has_namespace);
	if (mount < 0)
		return -1;
	if (tree->is_v2)
		place = "unified";
	else if (strncmp(name, "name=", 5) == 0)
		place = name + 5;
	place = strdupa(place); /* cut up below */
	if (mkdirat(top, place, 0755) == 0 || errno == EEXIST)
		target = path_open_here(top, place, O_PATH | O_DIRECTORY);
	if (target < 0)
		return error_call(NULL, "make %s/%s", volume->mount.target,
				  place);
	return path_place(mount, target, place) < 0
		       ? -1
		       : cgroup_mount_link(top, place, name);
}

/*
 * With v1: a small tmpfs, with a directory for each tree in it.  A tree in
 * which the container has no group is left out: it would show somebody else's.
 * It is made read-only, if wanted, when all is in place.
 */
static int cgroup_mount_v1(const struct oci_mount *volume, int root,
			   const struct cgroup *cg, bool has_namespace)
{
	struct mount_attr attr = { .attr_set = volume->one.attr_set };
	struct mount table[2] = { { .target = volume->mount.target,
				    .type = "tmpfs",
				    .data = "mode=755,size=64k" } };
	CLEANUP_CLOSE int top = mounts_open(table) < 0 ? -1 : table[0].fd;

	if (top < 0 || cgroup_mount_place(volume, root, top) < 0)
		return -1;
	trees_each (cg, tree)
		if (cgroup_mount_below(volume, top, tree, has_namespace) < 0)
			return -1;
	if (mount_setattr(top, "", AT_EMPTY_PATH, &attr, sizeof(attr)) < 0)
		return error_call(NULL, "set the options of %s",
				  volume->mount.target);
	return 0;
}

/*
 * v2 alone.  An ordinary user without a group of his own sees the one that he
 * is in; it is not the container's, and so not for it to change.
 */
static int cgroup_mount_v2(const struct oci_mount *volume, int root,
			   const struct cgroup_tree *tree, bool has_namespace)
{
	struct oci_mount own_view = *volume;
	CLEANUP_CLOSE int mount = -1;

	if (!tree->group)
		own_view.one.attr_set |= MOUNT_ATTR_RDONLY;
	mount = cgroup_mount_open(tree, &own_view, NULL, has_namespace);
	return mount < 0 ? -1 : cgroup_mount_place(volume, root, mount);
}

/* A machine without cgroups gets an empty directory. */
int oci_mount_cgroup(const struct oci_mount *volume, int root,
		     const struct cgroup *cg, bool has_namespace)
{
	const struct cgroup_tree *v2 = trees_with(cg, "cgroup.procs");
	CLEANUP_CLOSE int place = -1;

	if (trees_have_v1(cg))
		return cgroup_mount_v1(volume, root, cg, has_namespace);
	if (v2 && v2->controllers && (has_namespace || v2->group))
		return cgroup_mount_v2(volume, root, v2, has_namespace);
	place = path_make(root, volume->mount.target, true);
	return place < 0 ? -1 : place_check(place, root, volume->mount.target);
}
