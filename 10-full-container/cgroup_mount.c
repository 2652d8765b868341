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
#include "05-cgroups/tree.h"
#include "10-full-container/path.h"
#include "10-full-container/target.h"

/*
 * "cpu,cpuacct" of "rw,cpu,cpuacct,xattr": what a v1 tree is called.  (Stage
 * 05 adds v2's name for blkio.)
 */
static void cgroup_mount_name(const struct cgroup_tree *tree, char *name,
			      size_t size)
{
	static const char *const others[] = { "rw",       "ro",
					      "xattr",    "clone_children",
					      "noprefix", "io" };
	char *rest = strdupa(tree->controllers), *word;
	size_t used = 0;

	name[0] = '\0';
	while ((word = strsep(&rest, ",")) != NULL) {
		bool is_controller = word[0] != '\0' && !strchr(word, '=');

		for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
			is_controller &= strcmp(word, others[i]) != 0;
		if (is_controller && used < size)
			used += (size_t)snprintf(name + used, size - used,
						 "%s%s", used ? "," : "", word);
	}
}

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
	fd = open_tree(AT_FDCWD, tree->group ? tree->group : tree->top,
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
 * A tree in which the container has no group is left out: it would show the
 * host's.
 */
static int cgroup_mount_tree(const struct cgroup_tree *tree,
			     const struct volume *volume, int root,
			     const char *path, bool has_namespace)
{
	CLEANUP_CLOSE int mount = -1, target = -1;
	char name[128];

	if (!tree->controllers || (!has_namespace && !tree->group))
		return 0;
	cgroup_mount_name(tree, name, sizeof(name));
	mount = cgroup_mount_open(tree, volume, name, has_namespace);
	if (mount < 0)
		return -1;
	target = path_make(root, path, true);
	if (target < 0 || target_check(target, root, path) < 0)
		return -1;
	return volume_place(mount, target, path);
}

/* With v1: a small tmpfs, with a directory for each tree in it. */
static int cgroup_mount_all(const struct volume *volume, int root,
			    const struct cgroup *cg, bool has_namespace)
{
	char path[PATH_MAX], name[128] = "unified";

	for (int i = 0; i < CGROUP_TREES; i++) {
		const struct cgroup_tree *tree = &cg->trees[i];

		if (!tree->controllers)
			continue;
		if (!tree->is_v2)
			cgroup_mount_name(tree, name, sizeof(name));
		snprintf(path, sizeof(path), "%s/%s", volume->mount.target,
			 name);
		if (cgroup_mount_tree(tree, volume, root, path, has_namespace) <
		    0)
			return -1;
	}
	return 0;
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
		return cgroup_mount_tree(&cg->trees[0], volume, root, target,
					 has_namespace);
	if (mounts_open(table) < 0)
		return -1;
	mount = table[0].fd;
	if (volume_place(mount, place, target) < 0 ||
	    cgroup_mount_all(volume, root, cg, has_namespace) < 0)
		return -1;
	return cgroup_mount_finish(volume, root);
}
