/*
 * Groups of the kit's own, and what is left of them when it was killed: a
 * group is in use as long as its owner holds the lock on its directory.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "01-uts/cleanup.h"
#include "01-uts/error.h"
#include "05-cgroups/files.h"
#include "05-cgroups/make.h"
#include "05-cgroups/owner.h"

#define CGROUP_TRIES 1000 /* of a millisecond each */

static const struct hint parent_hints[] = {
	{ EACCES, "only the owner of a group may make groups below it" },
	{ EROFS, "the cgroup file system is mounted read-only here" },
	{ 0, NULL },
};

static const struct hint rmdir_hints[] = {
	{ EBUSY, "processes or groups are still in it: see its cgroup.procs" },
	{ 0, NULL },
};

/* flock(2) takes any open file, a directory as well; O_PATH would not do. */
static int cgroup_open_directory(int dir, const char *path)
{
	return openat(dir, path,
		      O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/*
 * The group above all of the kit's own, locked until it is closed.  Without
 * `create`, -1 with ENOENT and no message when there is none.
 */
static int cgroup_lock_parent(const char *path, bool create)
{
	CLEANUP_CLOSE int top = cgroup_open_directory(AT_FDCWD, path);
	int fd = owner_lock(top, CGROUP_PARENT, 0755, create);

	if (fd < 0 && (create || errno != ENOENT))
		error_call(parent_hints, "make and lock the group %s/%s", path,
			   CGROUP_PARENT);
	return fd;
}

/* The first of the groups below, and its name; -1: there is none. */
static int cgroup_open_below(int dir, char name[NAME_MAX + 1])
{
	int copy = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *entry;
	int fd = -1;

	while (list && fd < 0 && (entry = readdir(list)))
		if (cgroup_is_below(entry)) {
			snprintf(name, NAME_MAX + 1, "%s", entry->d_name);
			fd = cgroup_open_directory(dir, name);
		}
	if (list)
		closedir(list);
	return fd;
}

/*
 * Up from a group that has none below it, and remove it from there.  It is the
 * first one of those that are listed, as on the way down.
 */
static int cgroup_rmdir_leaf(int *here)
{
	int above = cgroup_open_directory(*here, "..");
	char name[NAME_MAX + 1];
	int leaf;

	close(*here);
	*here = above;
	leaf = above < 0 ? -1 : cgroup_open_below(above, name);
	if (leaf >= 0)
		close(leaf);
	return leaf < 0 ? above : unlinkat(above, name, AT_REMOVEDIR);
}

/*
 * A program inside may have made groups, too: systemd does.  Another one makes
 * a thousand, each in the one before.  So the way is down and up by a single
 * descriptor, and not by a function that calls itself.
 */
static int cgroup_rmdir_below(int dir)
{
	CLEANUP_CLOSE int here = cgroup_open_directory(dir, ".");
	char name[NAME_MAX + 1];
	int level = 0, below;

	while ((below = cgroup_open_below(here, name)) >= 0 || level > 0) {
		if (below < 0) {
			level--;
			if (cgroup_rmdir_leaf(&here) < 0)
				return -1;
			continue;
		}
		level++;
		close(here);
		here = below;
	}
	return 0;
}

/* The group, and if it is not alone (EBUSY), those below it before. */
static int cgroup_rmdir_all(int dir, const char *name)
{
	CLEANUP_CLOSE int fd = -1;

	if (unlinkat(dir, name, AT_REMOVEDIR) == 0)
		return 0;
	if (errno != EBUSY)
		return -1;
	fd = cgroup_open_directory(dir, name);
	if (fd >= 0 && cgroup_rmdir_below(fd) < 0)
		return -1;
	return unlinkat(dir, name, AT_REMOVEDIR);
}

/*
 * v2 has said that the group is empty.  v1 says nothing, and there the last
 * process can be a moment late in leaving: so try for a while.
 */
static int cgroup_rmdir_patiently(int dir, const char *name)
{
	int result;

	for (int i = 0; i < CGROUP_TRIES; i++) {
		result = cgroup_rmdir_all(dir, name);
		if (result == 0 || errno != EBUSY)
			break;
		poll(NULL, 0, 1);
	}
	return result < 0 && errno != ENOENT ? -1 : 0;
}

/* Returns 1 if the owner was dead and the group is gone, else 0. */
static int cgroup_sweep_one(const struct cgroup_tree *tree, int parent,
			    const char *name)
{
	CLEANUP_CLOSE int fd = cgroup_open_directory(parent, name);
	char path[PATH_MAX], *program = strdupa(name);
	struct cgroup_tree dead = *tree;
	const char *pid;

	if (fd < 0 || !owner_parse(program, &pid) ||
	    flock(fd, LOCK_EX | LOCK_NB) < 0)
		return 0;
	snprintf(path, sizeof(path), "%s/%s/%s", tree->top, CGROUP_PARENT,
		 name);
	dead.fd = fd;
	dead.group = path;
	if (cgroup_empty(&dead) < 0)
		return 0;
	if (cgroup_rmdir_patiently(parent, name) < 0) {
		error_call(rmdir_hints, "remove the group %s", path);
		return 0;
	}
	error_note("removed what process %s of %s left: group %s", pid, program,
		   path);
	return 1;
}

/* All groups of one tree, with the lock of the parent held. */
static int cgroup_sweep_below(const struct cgroup_tree *tree, int parent)
{
	DIR *list = fdopendir(dup(parent));
	struct dirent *entry;
	int count = 0;

	while (list && (entry = readdir(list)))
		if (cgroup_is_below(entry))
			count += cgroup_sweep_one(tree, parent, entry->d_name);
	if (list)
		closedir(list);
	return count;
}

/*
 * Remove the parent as well if it is empty: the kernel refuses otherwise.
 * With its lock held, nobody is just about to make a group in it.
 */
static void cgroup_drop_parent(const char *path)
{
	CLEANUP_CLOSE int top = cgroup_open_directory(AT_FDCWD, path);

	unlinkat(top, CGROUP_PARENT, AT_REMOVEDIR);
}

/*
 * Between mkdir and flock the group looks like one whose owner is dead.  The
 * parent's lock keeps everyone who sweeps away for that moment.
 */
int cgroup_make_own(struct cgroup *cg, struct cgroup_tree *tree)
{
	CLEANUP_CLOSE int parent = cgroup_lock_parent(tree->top, true);
	char name[OWNER_NAME], below[sizeof(CGROUP_PARENT) + OWNER_NAME];

	if (parent < 0)
		return -1;
	owner_name(parent, name);
	snprintf(below, sizeof(below), "%s/%s", CGROUP_PARENT, name);
	if (cgroup_make(cg, tree, below) < 0) {
		cgroup_drop_parent(tree->top);
		return -1;
	}
	if (flock(tree->fd, LOCK_EX | LOCK_NB) < 0)
		return error_call(NULL, "lock the group %s", tree->group);
	return 0;
}

/*
 * Remove the container's group, and the kit's parent group with the last one.
 * A group at a path that the caller chose has no such parent.
 */
int cgroup_rmdir(const struct cgroup_tree *tree)
{
	/* Without a top it is one that systemd made for a user. */
	const char *below =
		tree->top ? tree->group + strlen(tree->top) : tree->group;
	CLEANUP_CLOSE int parent = -1;

	if (tree->top && strncmp(below, "/" CGROUP_PARENT "/",
				 sizeof(CGROUP_PARENT) + 1) == 0)
		parent = cgroup_lock_parent(tree->top, false);
	if (cgroup_rmdir_patiently(AT_FDCWD, tree->group) < 0)
		return error_call(rmdir_hints, "remove the group %s",
				  tree->group);
	if (parent >= 0)
		cgroup_drop_parent(tree->top);
	return 0;
}

/* Tree by tree: a killed program has left its group in each of them. */
int cgroup_sweep_all(const struct cgroup *cg)
{
	int count = 0;

	for (int i = 0; i < CGROUP_TREES; i++) {
		const struct cgroup_tree *tree = &cg->trees[i];
		CLEANUP_CLOSE int parent = -1;

		if (tree->top)
			parent = cgroup_lock_parent(tree->top, false);
		if (parent < 0)
			continue;
		count += cgroup_sweep_below(tree, parent);
		cgroup_drop_parent(tree->top);
	}
	return count;
}

/* Without a container: `./kit clean` and the next program of stage 10. */
int cgroup_sweep(void)
{
	struct cgroup cg = { 0 };
	int count;

	if (cgroup_find(&cg) < 0)
		return 0;
	count = cgroup_sweep_all(&cg);
	cgroup_close(&cg);
	return count;
}
