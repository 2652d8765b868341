/*
 * Groups of the kit's own, and what is left of them when it was killed: a
 * group is in use as long as its owner holds the lock on the file that names
 * it (claim.h).  One that no such file names is somebody else's.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "habits/look.h"
#include "05-cgroups/beyond/claim.h"
#include "05-cgroups/beyond/make.h"
#include "05-cgroups/beyond/owner.h"
#include "05-cgroups/files.h"

#define CGROUP_TRIES 1000 /* of a millisecond each */

static const struct hint lock_hints[] = {
	{ EACCES, "root needs /run, and a user XDG_RUNTIME_DIR or /tmp" },
	{ EROFS, "it is read-only here: mount a tmpfs there" },
	{ ENOENT, "there is no such directory here: make one" },
	{ EPERM, "it is another user's, or others may write to it" },
	{ 0, NULL },
};

static const struct hint rmdir_hints[] = {
	{ EBUSY, "processes or groups are still in it: see its cgroup.procs" },
	{ 0, NULL },
};

static int cgroup_open_directory(int dir, const char *path)
{
	return openat(dir, path,
		      O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* The first of the groups below, open, and its name: see look.h. */
static int cgroup_open_below(int dir, char name[NAME_MAX + 1], int *fd)
{
	DIR *list;
	int answer = look_list(dir, ".", &list);
	struct dirent *entry;

	*fd = -1;
	while (*fd < 0 && answer > 0 &&
	       (answer = look_next(list, &entry)) > 0) {
		if (!cgroup_is_below(entry))
			continue;
		snprintf(name, NAME_MAX + 1, "%s", entry->d_name);
		if (look_open(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW,
			      fd) < 0)
			answer = -1;
	}
	if (list)
		closedir(list);
	return answer;
}

/*
 * Up from a group that has none below it, and remove it from there.  It is the
 * first one of those that are listed, as on the way down.
 */
static int cgroup_rmdir_leaf(int *here)
{
	int above = cgroup_open_directory(*here, "..");
	char name[NAME_MAX + 1];
	int leaf, found;

	if (above < 0)
		return -1;
	close(*here);
	*here = above;
	found = cgroup_open_below(above, name, &leaf);
	if (found <= 0)
		return found;
	close(leaf);
	return look_answer(unlinkat(above, name, AT_REMOVEDIR));
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
	int level = 0, below, found = -1;

	while (here >= 0 &&
	       ((found = cgroup_open_below(here, name, &below)) > 0 ||
		(found == 0 && level > 0))) {
		if (found == 0) {
			level--;
			if (cgroup_rmdir_leaf(&here) < 0)
				return -1;
			continue;
		}
		level++;
		close(here);
		here = below;
	}
	return found;
}

/* The group, and if it is not alone (EBUSY), those below it before. */
static int cgroup_rmdir_all(int dir, const char *name)
{
	CLEANUP_CLOSE int fd = -1;
	int answer;

	if (unlinkat(dir, name, AT_REMOVEDIR) == 0)
		return 0;
	if (errno != EBUSY)
		return -1;
	answer = look_open(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, &fd);
	if (answer < 0 || (answer > 0 && cgroup_rmdir_below(fd) < 0))
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

/* The tree that a group is in, by where that is mounted. */
static const struct cgroup_tree *cgroup_tree_of(const struct cgroup *cg,
						const char *path)
{
	for (int i = 0; i < CGROUP_TREES; i++) {
		const struct cgroup_tree *tree = &cg->trees[i];
		size_t length = tree->point ? strlen(tree->point) : 0;

		if (length && strncmp(path, tree->point, length) == 0 &&
		    path[length] == '/')
			return tree;
	}
	return NULL;
}

/*
 * Remove the parent as well if it is empty: the kernel refuses otherwise.
 * With the lock held, nobody is just about to make a group in it.
 */
static void cgroup_drop_parent(const char *path)
{
	char *parent = strdupa(path);

	*strrchr(parent, '/') = '\0';
	if (strcmp(strrchr(parent, '/'), "/" CGROUP_PARENT) == 0)
		rmdir(parent);
}

/*
 * Returns 1 if the group is gone now, 0 if it was, -1 if it has to be tried
 * again: from where its tree is seen, or when its processes have ended.
 */
static int cgroup_sweep_one(const struct cgroup *cg, const char *path)
{
	const struct cgroup_tree *tree = cgroup_tree_of(cg, path);
	CLEANUP_CLOSE int fd = cgroup_open_directory(AT_FDCWD, path);
	const char *program = strdupa(strrchr(path, '/') + 1), *pid = "";
	struct cgroup_tree dead;

	if (fd < 0 || !tree)
		return fd < 0 && errno == ENOENT ? 0 : -1;
	owner_parse((char *)program, &pid);
	dead = *tree;
	dead.fd = fd;
	dead.group = (char *)path;
	if (cgroup_empty(&dead) < 0)
		return -1;
	if (cgroup_rmdir_patiently(AT_FDCWD, path) < 0)
		return error_call(rmdir_hints, "remove the group %s", path);
	cgroup_drop_parent(path);
	error_note("removed what process %s of %s left: group %s", pid, program,
		   path);
	return 1;
}

static int cgroup_make_claimed(struct cgroup *cg, struct cgroup_tree *tree,
			       int locks)
{
	char name[OWNER_NAME], path[PATH_MAX];
	CLEANUP_CLOSE int parent = -1;

	snprintf(path, sizeof(path), "%s/" CGROUP_PARENT, tree->top);
	parent = cgroup_open_directory(AT_FDCWD, path);
	owner_name(parent, name); /* also one that another /run knows of */
	snprintf(path, sizeof(path), "%s/" CGROUP_PARENT "/%s", tree->top,
		 name);
	if (claim_note(cg, locks, path) < 0)
		return -1;
	if (cgroup_make(cg, tree, path + strlen(tree->top) + 1) == 0)
		return 0;
	cgroup_drop_parent(path);
	return -1;
}

/*
 * The lock keeps away those who sweep, and those who would remove the parent
 * between its mkdir and ours.
 */
int cgroup_make_own(struct cgroup *cg, struct cgroup_tree *tree)
{
	int locks = claim_lock(true), result;

	if (locks < 0)
		return errno == ETIMEDOUT
			       ? -1
			       : error_call(lock_hints,
					    "make a directory for locks");
	result = cgroup_make_claimed(cg, tree, locks);
	claim_unlock(locks);
	return result;
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
	int locks = -1, result = 0;

	errno = 0;
	if (tree->top && strncmp(below, "/" CGROUP_PARENT "/",
				 sizeof(CGROUP_PARENT) + 1) == 0)
		locks = claim_lock(true);
	if (locks < 0 && errno == ETIMEDOUT)
		return -1;
	/* Where there is no place for locks, nobody makes groups by them. */
	if (locks < 0 && errno && errno != ENOENT && errno != EROFS &&
	    errno != EACCES && errno != EPERM)
		return error_call(lock_hints, "lock the groups");
	if (cgroup_rmdir_patiently(AT_FDCWD, tree->group) < 0)
		result = error_call(rmdir_hints, "remove the group %s",
				    tree->group);
	if (locks >= 0) {
		cgroup_drop_parent(tree->group);
		claim_unlock(locks);
	}
	return result;
}

/* A killed program has left its group in each tree.  -1 with errno. */
int cgroup_sweep_all(const struct cgroup *cg)
{
	int locks = claim_lock(false), count, error;

	if (locks < 0)
		return errno == ENOENT ? 0 : -1;
	count = claim_visit_dead(locks, cgroup_sweep_one, cg);
	error = errno;
	claim_unlock(locks);
	errno = error;
	return count;
}

/* Without a container: `./kit clean` and the next program of stage 10. */
int cgroup_sweep(void)
{
	struct cgroup cg = { 0 };
	int count;

	if (cgroup_find(&cg) < 0)
		return -1;
	count = cgroup_sweep_all(&cg);
	if (count < 0 && errno != ETIMEDOUT)
		error_call(lock_hints, "look for what dead programs left");
	cgroup_close(&cg);
	return count;
}
