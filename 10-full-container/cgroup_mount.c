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
#include "10-full-container/cgroup_mount.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "01-uts/cleanup.h"
#include "01-uts/error.h"
#include "03-mount/syscalls.h"
#include "05-cgroups/files.h"
#include "05-cgroups/tree.h"
#include "10-full-container/path.h"
#include "10-full-container/target.h"

/* A mount of one tree, without a place yet; -1 after a message. */
static int cgroup_mount_open(const struct cgroup_tree *tree,
			     const struct volume *volume, const char *name,
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

static int cgroup_mount_tree(const struct cgroup_tree *tree,
			     const struct volume *volume, int root,
			     const char *path, bool has_namespace)
{
	CLEANUP_CLOSE int mount = -1, target = -1;
	char name[CGROUP_TREE_NAME];

	cgroup_tree_name(tree, name);
	mount = cgroup_mount_open(tree, volume, name, has_namespace);
	if (mount < 0)
		return -1;
	target = path_make(root, path, true);
	if (target < 0 || target_check(target, root, path) < 0)
		return -1;
	return volume_place(mount, target, path);
}

/*
 * Where two controllers share a tree, programs look for each of them by its
 * own name: "cpu" is a link to "cpu,cpuacct".
 */
static int cgroup_mount_link(const char *path, char *name, int root)
{
	const char *last = strrchr(path, '/') + 1;
	char above[PATH_MAX], *word;
	CLEANUP_CLOSE int directory = -1;

	if (!strchr(name, ','))
		return 0;
	snprintf(above, sizeof(above), "%.*s", (int)(last - path), path);
	directory = path_open(root, above, O_PATH | O_DIRECTORY);
	while ((word = cgroup_next_word(&name, ",")))
		if (symlinkat(last, directory, word) < 0 && errno != EEXIST)
			return error_call(NULL, "make the link %s%s", above,
					  word);
	return 0;
}

/*
 * With v1: a small tmpfs, with a directory for each tree in it.  A tree in
 * which the container has no group is left out: it would show somebody else's.
 */
static int cgroup_mount_all(const struct volume *volume, int root,
			    const struct cgroup *cg, bool has_namespace)
{
	char path[PATH_MAX], name[CGROUP_TREE_NAME];

	for (int i = 0; i < CGROUP_TREES; i++) {
		const struct cgroup_tree *tree = &cg->trees[i];
		const char *named;

		if (!tree->group)
			continue;
		cgroup_tree_name(tree, name);
		named = strncmp(name, "name=", 5) == 0 ? name + 5 : name;
		snprintf(path, sizeof(path), "%s/%s", volume->mount.target,
			 tree->is_v2 ? "unified" : named);
		if (cgroup_mount_tree(tree, volume, root, path, has_namespace) <
			    0 ||
		    cgroup_mount_link(path, name, root) < 0)
			return -1;
	}
	return 0;
}

/*
 * v2 alone.  An ordinary user without a group of his own sees the one that he
 * is in; it is not the container's, and so not for it to change.
 */
static int cgroup_mount_v2(const struct volume *volume, int root,
			   const struct cgroup_tree *tree, bool has_namespace)
{
	struct volume protected = *volume;

	if (!tree->controllers || (!has_namespace && !tree->group))
		return 0;
	if (!tree->group)
	protected.one.attr_set |= MOUNT_ATTR_RDONLY;
	return cgroup_mount_tree(tree, &protected, root, volume->mount.target,
				 has_namespace);
}

/* The tmpfs is made read-only, if wanted, when all is in place. */
static int cgroup_mount_finish(const struct volume *volume, int root)
{
	struct mount_attr attr = { .attr_set = volume->one.attr_set };
	CLEANUP_CLOSE int fd =
		path_open(root, volume->mount.target, O_PATH | O_DIRECTORY);

	if (fd < 0 ||
	    mount_setattr(fd, "", AT_EMPTY_PATH, &attr, sizeof(attr)) < 0)
		return error_call(NULL, "set the options of %s",
				  volume->mount.target);
	return 0;
}

static bool cgroup_mount_has_v1(const struct cgroup *cg)
{
	for (int i = 0; i < CGROUP_TREES; i++)
		if (cg->trees[i].controllers && !cg->trees[i].is_v2)
			return true;
	return false;
}

/* A machine without cgroups gets an empty directory. */
int cgroup_mount_attach(const struct volume *volume, int root,
			const struct cgroup *cg, bool has_namespace)
{
	const char *target = volume->mount.target;
	CLEANUP_CLOSE int place = path_make(root, target, true);
	CLEANUP_CLOSE int mount = -1;
	struct mount table[2] = { { .target = target,
				    .type = "tmpfs",
				    .data = "mode=755,size=64k" } };

	if (place < 0 || target_check(place, root, target) < 0)
		return -1;
	if (!cg->trees)
		return 0;
	if (!cgroup_mount_has_v1(cg))
		return cgroup_mount_v2(volume, root, &cg->trees[0],
				       has_namespace);
	if (mounts_open(table) < 0)
		return -1;
	mount = table[0].fd;
	if (volume_place(mount, place, target) < 0 ||
	    cgroup_mount_all(volume, root, cg, has_namespace) < 0)
		return -1;
	return cgroup_mount_finish(volume, root);
}
