/* A group that no such file names is somebody else's. */
#include "05-cgroups/beyond/own.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "habits/look.h"
#include "05-cgroups/beyond/others.h"
#include "05-cgroups/beyond/owner.h"
#include "05-cgroups/beyond/top.h"
#include "05-cgroups/beyond/trees.h"
#include "05-cgroups/beyond/walk.h"

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

static const struct hint own_hints[] = {
	{ ENOSPC, "the file system of /run is full" },
	{ 0, NULL },
};

/*
 * Remove the parent as well if it is empty: the kernel refuses otherwise.
 * With the lock held, nobody is just about to make a group in it.
 */
void own_drop_parent(const char *path)
{
	char *parent = strdupa(path);

	*strrchr(parent, '/') = '\0';
	if (strcmp(strrchr(parent, '/'), "/" OWN_PARENT) == 0)
		rmdir(parent);
}

/* The tree that a group is in, by where that is mounted. */
static const struct cgroup_tree *own_tree_of(const struct cgroup *cg,
					     const char *path)
{
	for (int i = 0; i < TREES_MAX; i++) {
		const struct cgroup_tree *tree = &cg->others->trees[i];
		size_t length = tree->point ? strlen(tree->point) : 0;

		if (length && strncmp(path, tree->point, length) == 0 &&
		    path[length] == '/')
			return tree;
	}
	return NULL;
}

/*
 * Returns 1 if the group is gone now, 0 if it was, -1 if it has to be tried
 * again: from where its tree is seen, or when its processes have ended.
 */
static int own_sweep_one(const struct cgroup *cg, const char *path)
{
	const struct cgroup_tree *tree = own_tree_of(cg, path);
	CLEANUP_CLOSE int fd =
		open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	const char *program = strdupa(strrchr(path, '/') + 1), *pid = "";
	const struct cgroup dead = { .path = (char *)path, .dir = fd };
	struct cgroup_tree dead_v1;

	if (fd < 0 || !tree)
		return fd < 0 && errno == ENOENT ? 0 : -1;
	owner_parse((char *)program, &pid);
	dead_v1 = *tree;
	dead_v1.fd = fd;
	dead_v1.group = dead.path;
	if ((tree->is_v2 ? cgroup_kill(&dead) : others_empty(&dead_v1)) < 0)
		return -1;
	if (cgroup_walk_remove(AT_FDCWD, path) < 0)
		return error_call(rmdir_hints, "remove the group %s", path);
	own_drop_parent(path);
	error_note("removed what process %s of %s left: group %s", pid, program,
		   path);
	return 1;
}

/* -1: one of them is left. */
static int own_sweep_lines(FILE *file, const struct cgroup *cg, int *count)
{
	char *line = NULL;
	size_t size = 0;
	int each, result = 0;

	while (getline(&line, &size, file) > 0) {
		line[strcspn(line, "\n")] = '\0';
		each = own_sweep_one(cg, line);
		if (each < 0)
			result = -1;
		else
			*count += each;
	}
	free(line);
	return result;
}

/* *file stays NULL if its owner lives.  -1 with errno. */
static int own_open_dead(int dir, const char *name, FILE **file)
{
	CLEANUP_CLOSE int fd = -1;
	int answer =
		look_open(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, &fd);

	if (answer <= 0)
		return answer;
	if (flock(fd, LOCK_EX | LOCK_NB) < 0)
		return errno == EWOULDBLOCK ? 0 : -1;
	*file = fdopen(fd, "r");
	if (!*file)
		return -1;
	fd = -1; /* it is the file's now */
	return 1;
}

/* How many groups; -1 with errno. */
static int own_sweep_dead(int dir, const struct cgroup *cg)
{
	DIR *list;
	int answer = look_list(dir, ".", &list), count = 0;
	struct dirent *entry;

	while (answer > 0 && (answer = look_next(list, &entry)) > 0) {
		FILE *file = NULL;

		if (entry->d_name[0] == '.')
			continue;
		if (own_open_dead(dir, entry->d_name, &file) < 0)
			answer = -1;
		if (!file)
			continue;
		if (own_sweep_lines(file, cg, &count) == 0)
			unlinkat(dir, entry->d_name, 0);
		fclose(file);
	}
	if (list)
		closedir(list);
	return answer < 0 ? -1 : count;
}

/*
 * The lock keeps away those who sweep, and those who would remove the parent
 * between its mkdir and ours.  Who cannot make a group needs no place for it.
 */
int own_begin(struct cgroup *cg)
{
	struct cgroup_tree *trees = cg->others->trees;
	bool makes = false;

	for (int i = 0; i < TREES_MAX; i++)
		makes |= others_need(cg, &trees[i]);
	cg->others->locks = owner_lock_groups(makes);
	if (cg->others->locks < 0 && makes)
		return errno == ETIMEDOUT
			       ? -1
			       : error_call(lock_hints,
					    "make a directory for locks");
	if (cg->others->locks >= 0)
		own_sweep_dead(cg->others->locks, cg);
	return 0;
}

void own_end(struct cgroup *cg)
{
	if (!cg->others || cg->others->locks < 0)
		return;
	owner_unlock_groups(cg->others->locks);
	cg->others->locks = -1;
}

/* The lock comes before anyone can look, since the directory is locked, too. */
static int own_open(struct cgroup *cg, int dir)
{
	char name[OWNER_NAME];
	int fd;

	owner_name(dir, name);
	fd = openat(dir, name, O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC,
		    0600);
	if (fd < 0)
		return -1;
	cg->others->claim = strdup(name);
	if (!cg->others->claim || flock(fd, LOCK_EX | LOCK_NB) < 0) {
		free(cg->others->claim);
		cg->others->claim = NULL;
		close(fd);
		return -1;
	}
	cg->others->claim_fd = fd;
	return 0;
}

/* Before the group is made: so none is there that nobody knows of. */
static int own_note(struct cgroup *cg, int dir, const char *path)
{
	if ((!cg->others->claim && own_open(cg, dir) < 0) ||
	    dprintf(cg->others->claim_fd, "%s\n", path) < 0)
		return error_call(own_hints, "note whose the group %s is",
				  path);
	return 0;
}

char *own_claim_in(struct cgroup *cg, const struct cgroup_tree *tree)
{
	char name[OWNER_NAME], above[PATH_MAX], *path = NULL;
	CLEANUP_CLOSE int parent = -1;

	snprintf(above, sizeof(above), "%s/" OWN_PARENT, tree->top);
	parent = open(above, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	owner_name(parent, name); /* also one that another /run knows of */
	if (asprintf(&path, "%s/%s", above, name) < 0) {
		error_call(NULL, "keep a group's name");
		return NULL;
	}
	if (own_note(cg, cg->others->locks, path) == 0)
		return path;
	free(path);
	return NULL;
}

int own_claim(struct cgroup *cg)
{
	cg->path = own_claim_in(cg, &cg->others->trees[0]);
	return cg->path ? 0 : -1;
}

const char *own_name(const struct cgroup *cg)
{
	return strrchr(cg->path, '/') + 1;
}

/* The lock is held: see cgroup_create(). */
int own_give_up(struct cgroup *cg)
{
	cgroup_walk_remove(AT_FDCWD, cg->path);
	own_drop_parent(cg->path);
	free(cg->path);
	cg->path = NULL;
	return cg->others->trees[0].top ? -1 : 0; /* see why_not_made() */
}

/* A group at a path that the caller chose has no such parent. */
static int own_remove(const char *group, const char *top)
{
	/* Without a top it is one that systemd made for a user. */
	const char *below = top ? group + strlen(top) : "";
	int locks = -1, result = 0;

	errno = 0;
	if (strncmp(below, "/" OWN_PARENT "/", sizeof(OWN_PARENT) + 1) == 0)
		locks = owner_lock_groups(true);
	if (locks < 0 && errno == ETIMEDOUT)
		return -1;
	/* Where there is no place for locks, nobody makes groups by them. */
	if (locks < 0 && errno && errno != ENOENT && errno != EROFS &&
	    errno != EACCES && errno != EPERM)
		return error_call(lock_hints, "lock the groups");
	if (cgroup_walk_remove(AT_FDCWD, group) < 0)
		result = error_call(rmdir_hints, "remove the group %s", group);
	if (locks >= 0) {
		own_drop_parent(group);
		owner_unlock_groups(locks);
	}
	return result;
}

void own_close(struct cgroup *cg)
{
	if (cg->others->claim)
		close(cg->others->claim_fd);
	free(cg->others->claim);
	cg->others->claim = NULL;
}

/* The claim, when all it names is gone. */
static void own_forget(struct cgroup *cg)
{
	int dir = cg->others->claim ? owner_lock_groups(false) : -1;

	if (dir < 0)
		return;
	unlinkat(dir, cg->others->claim, 0);
	owner_unlock_groups(dir);
}

/* It is closed first: so there is a descriptor for a lock. */
int own_rmdir(struct cgroup *cg)
{
	int result = 0;

	trees_each (cg, tree) {
		if (v1_give_back(tree) < 0)
			result = -1;
		cleanup_close(&tree->fd);
		tree->fd = -1;
		if (tree->is_v2)
			cg->dir = -1;
		if (own_remove(tree->group, tree->top) < 0)
			result = -1;
	}
	if (result == 0 && cg->others)
		own_forget(cg);
	return result;
}

/* Without a container: `./kit clean` and the next program of stage 10. */
int own_sweep(void)
{
	struct cgroup cg = { 0 };
	int locks = -1, count = -1;

	if (top_find(&cg) == 0) {
		locks = owner_lock_groups(false);
		if (locks < 0)
			count = errno == ENOENT ? 0 : -1;
		else
			count = own_sweep_dead(locks, &cg);
		if (count < 0 && errno != ETIMEDOUT)
			error_call(lock_hints,
				   "look for what dead programs left");
		if (locks >= 0)
			owner_unlock_groups(locks);
	}
	cgroup_close(&cg);
	return count;
}
