/*
 * An id-mapped mount: files that belong to the container's root, without a
 * change on the disk.
 *
 *     on the disk 0  --mount's map-->  2000000000  --userns' map-->  inside 0
 *
 * Without it files of the host's root belong to nobody inside: they can be
 * read and run as everyone may, but not changed, not even by root inside.
 */
#include "07-caps/userns.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/mount.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/wait.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "03-mount/syscalls.h"
#include "07-caps/caps_sets.h"

/* A second mount of `path` whose owners are seen through the child's map. */
static int userns_mount_mapped(pid_t pid, const char *path)
{
	char name[64];

	snprintf(name, sizeof(name), "/proc/%d/ns/user", pid);
	CLEANUP_CLOSE int map = open(name, O_RDONLY | O_CLOEXEC);
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_IDMAP,
				   .userns_fd = (unsigned int)map };

	if (map < 0)
		return -1;
	CLEANUP_CLOSE int tree =
		open_tree(AT_FDCWD, path,
			  OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
	if (tree < 0 ||
	    mount_setattr(tree, "", AT_EMPTY_PATH, &attr, sizeof(attr)) < 0)
		return -1;
	return cleanup_keep(&tree);
}

/*
 * In a helper process, since setns(2) would take this one away from the host:
 * put the mount on `path` in the child's mount table.
 */
static int userns_attach(pid_t pid, int tree, const char *path)
{
	char name[64];

	snprintf(name, sizeof(name), "/proc/%d/ns/mnt", pid);
	CLEANUP_CLOSE int table = open(name, O_RDONLY | O_CLOEXEC);

	if (table < 0 || setns(table, CLONE_NEWNS) < 0)
		return error_call(NULL, "enter the mount namespace of %d", pid);
	if (move_mount(tree, "", AT_FDCWD, path, MOVE_MOUNT_F_EMPTY_PATH) < 0)
		return error_call(NULL, "mount %s with its owners mapped",
				  path);
	return 0;
}

/* An ordinary user's files are his inside too: he maps himself to root. */
static bool userns_is_shifted(const struct userns *userns)
{
	return caps_has(CAP_SYS_ADMIN) &&
	       userns->uids.table[0].outside != geteuid();
}

/* A filesystem that cannot do it is no failure: the container still runs. */
static int userns_own_one(pid_t pid, const char *path)
{
	CLEANUP_CLOSE int tree = userns_mount_mapped(pid, path);
	int status = 0;
	pid_t helper;

	if (tree < 0) {
		error_note("%s: its files belong to nobody inside, for want "
			   "of an id-mapped mount: %s",
			   path, strerror(errno));
		return 0;
	}
	helper = fork();
	if (helper == 0)
		_exit(userns_attach(pid, tree, path) < 0);
	if (helper < 0 || waitpid(helper, &status, 0) != helper)
		return error_call(NULL,
				  "run a process that maps the owners of "
				  "%s",
				  path);
	if (WIFSIGNALED(status))
		return error_input(NULL, "%s keeps its owners: signal %d", path,
				   WTERMSIG(status));
	return status ? -1 : 0; /* it has said why */
}

/*
 * The child is in its mount namespace already, and waits: so the mapped mount
 * goes over the directory before the child looks at it.  The host does not see
 * it.
 */
int userns_own(const struct userns *userns, pid_t pid, const char **paths)
{
	if (!userns->enabled || !userns_is_shifted(userns))
		return 0;
	for (; *paths; paths++) {
		CLEANUP_FREE char *real = realpath(*paths, NULL);

		if (!real)
			return error_call(NULL, "find %s", *paths);
		if (userns_own_one(pid, real) < 0)
			return -1;
	}
	return 0;
}

/*
 * For an upper directory: its work directory is beside it, and has to be on
 * the same mount.
 */
int userns_own_around(const struct userns *userns, pid_t pid, const char *path)
{
	char around[PATH_MAX];
	const char *paths[] = { around, NULL };

	snprintf(around, sizeof(around), "%s/..", path ? path : "");
	return path ? userns_own(userns, pid, paths) : 0;
}
