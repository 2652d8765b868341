/*
 * Make the group, limit it, put the child in it.
 *
 * The rest is beside it: find.c finds the trees, controllers.c enables what
 * a limit needs, own.c knows the kit's own groups and those that dead
 * programs left, stop.c ends a group, stats.c reads what it used.
 */
#include "05-cgroups/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "05-cgroups/beyond/cgroup_v1.h"
#include "05-cgroups/beyond/cgroup_v2.h"
#include "05-cgroups/beyond/existing.h"
#include "05-cgroups/beyond/make.h"
#include "05-cgroups/files.h"

static const struct hint make_hints[] = {
	{ EACCES, "only the owner of a group may make groups below it" },
	{ EAGAIN, "too many groups: see cgroup.max.descendants and "
		  "cgroup.max.depth in the groups above" },
	{ 0, NULL },
};

static const struct hint limit_hints[] = {
	{ EINVAL, "the kernel does not take this value" },
	{ ERANGE, "the kernel does not take a value that large" },
	{ EBUSY, "more than that is in use already" },
	{ ENODEV, "give a whole disk, not a partition: see lsblk" },
	{ EOPNOTSUPP, "weights take the disk scheduler bfq: see "
		      "/sys/block/DISK/queue/scheduler" },
	{ ENOENT, "there is no such file: only the other version of cgroups "
		  "has it, or this kernel is too old or built without it" },
	{ EACCES, "the group belongs to somebody else, or the group above "
		  "allows less" },
	{ 0, NULL },
};

static const struct hint join_hints[] = {
	{ ESRCH, "it has ended" },
	{ EACCES, "a process is moved by the owner of both groups and of the "
		  "first group above both" },
	{ ENOSPC, "cpuset.cpus or cpuset.mems is empty in this group" },
	{ EINVAL, "with cgroup v1 a real-time process needs real time in the "
		  "group: cpu.rt_runtime_us, linux.resources.cpu."
		  "realtimeRuntime" },
	{ 0, NULL },
};

static const struct hint namespace_hints[] = {
	{ EPERM, "a new cgroup namespace needs CAP_SYS_ADMIN" },
	{ EINVAL, "this kernel was built without control groups" },
	{ 0, NULL },
};

/*
 * mkdir(2) has failed.  True: this user may not, and need not, since there is
 * no limit for this tree.  Then it is as one in which nothing can be made.
 */
static bool cgroup_give_up_tree(const struct cgroup *cg,
				struct cgroup_tree *tree)
{
	int reason = errno;
	bool is_closed = reason == EACCES || reason == EPERM || reason == EROFS;

	if (!is_closed || cgroup_limits_tree(cg, tree)) {
		errno = reason;
		return false;
	}
	free(tree->top);
	tree->top = NULL;
	tree->hint = "only the owner of a group may make groups below it";
	return true;
}

/*
 * Make the group `name` in `dir` and open it.  `path` grows by the name, and
 * `*is_ours` turns from what it was for `dir` to what it is for the group.
 * A new group that cannot be used is removed again.
 */
static int cgroup_descend(const struct cgroup *cg, struct cgroup_tree *tree,
			  int dir, const char *name, char path[PATH_MAX],
			  bool *is_ours)
{
	size_t length = strlen(path);
	bool is_new;
	int group;

	/*
	 * First the group above hands its controllers down: only then does the
	 * new directory get their files.
	 */
	if (tree->is_v2 && cgroup_enable(cg, dir, path, *is_ours) < 0)
		return -1;
	snprintf(path + length, PATH_MAX - length, "/%s", name);
	if (strcmp(name, "..") == 0)
		return error_input(NULL,
				   "make the group %s: it is not below "
				   "the group of its maker",
				   path);
	is_new = mkdirat(dir, name, 0755) == 0;
	if (!is_new && errno != EEXIST)
		return cgroup_give_up_tree(cg, tree)
			       ? -1
			       : error_call(make_hints, "make the group %s",
					    path);
	*is_ours = is_new || strcmp(name, CGROUP_PARENT) == 0;
	group = openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (group < 0)
		error_call(NULL, "open the group %s", path);
	else if (tree->is_v2 || !cgroup_has(tree->controllers, "cpuset") ||
		 cgroup_v1_prepare(dir, group, path) == 0)
		return group;
	else
		close(group);
	if (is_new)
		unlinkat(dir, name, AT_REMOVEDIR);
	return -1;
}

/* Level by level, because controllers are handed down level by level. */
int cgroup_make(struct cgroup *cg, struct cgroup_tree *tree, const char *below)
{
	CLEANUP_FREE char *words = strdup(below);
	char path[PATH_MAX], *rest = words, *name;
	int group, dir = open(tree->top, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool is_ours = false;

	if (!words || dir < 0)
		return error_call(NULL, "open the group %s", tree->top);
	snprintf(path, sizeof(path), "%s", tree->top);
	while ((name = cgroup_next_word(&rest, "/"))) {
		group = cgroup_descend(cg, tree, dir, name, path, &is_ours);
		close(dir);
		if (group < 0)
			return tree->top ? -1 : 0;
		dir = group;
		if (is_ours && !tree->ours)
			tree->ours = strlen(path);
	}
	tree->fd = dir;
	tree->group = strdup(path);
	cg->existed |= is_ours ? 0 : 1U << (tree - cg->trees);
	return tree->group ? 0 : error_call(NULL, "keep a group's name");
}

/*
 * Make the group at cg->path.  Without a limit for it nobody needs one: so
 * where the caller may not make it there is none, without an error.
 */
int cgroup_make_path(struct cgroup *cg, struct cgroup_tree *tree)
{
	const char *below = cgroup_below_top(tree, cg->path);

	if (below)
		return cgroup_make(cg, tree, below);
	for (const struct cgroup_setting *s = cgroup_list(cg); s->file; s++)
		if (!s->is_optional && cgroup_tree_for(cg, s->file) == tree)
			return error_input(
				"give a path below it, or one without a "
				"leading /",
				"%smake the group %s: this user may make "
				"groups only below %s",
				s->origin ? s->origin : "", cg->path,
				tree->top + strlen(tree->point));
	return 0;
}

/*
 * With CLONE_INTO_CGROUP the child is born in its group: at no moment is it
 * outside of the limits, and nothing has to be moved.  Linux 5.7.
 */
void cgroup_clone_into(const struct cgroup *cg, struct clone_args *args)
{
	if (!args || !cgroup_v2(cg))
		return;
	args->flags |= CLONE_INTO_CGROUP;
	args->cgroup = (__u64)cgroup_v2(cg)->fd;
}

static int cgroup_make_all(struct cgroup *cg)
{
	for (int i = 0; i < CGROUP_TREES; i++) {
		struct cgroup_tree *tree = &cg->trees[i];

		if (!cgroup_needs_tree(cg, tree))
			continue;
		if (cg->path ? cgroup_make_path(cg, tree) < 0
			     : cgroup_make_own(cg, tree) < 0)
			return -1;
	}
	return 0;
}

/*
 * In the parent, before there is a child.  Four steps: find the trees, remove
 * what dead programs left, make and limit a group in each tree, and tell
 * clone3(2).  What was made is removed again if a later step fails.
 */
int cgroup_create(struct cgroup *cg, struct clone_args *args)
{
	if (cgroup_find(cg) < 0)
		return -1;
	if (!cg->path)
		cgroup_sweep_all(cg);
	cg->unused = true;
	if (cgroup_make_all(cg) < 0) {
		cgroup_leave(cg);
		cgroup_remove(cg);
		return -1;
	}
	if (cgroup_check_unused(cg) < 0 ||
	    cgroup_limit(cg, cgroup_list(cg)) < 0 ||
	    cgroup_check_type(cg) < 0) {
		cgroup_remove(cg);
		return -1;
	}
	cg->unused = false;
	cgroup_clone_into(cg, args);
	return 0;
}

static int cgroup_limit_one(const struct cgroup_tree *tree,
			    const struct cgroup_setting *setting)
{
	const char *file = setting->file, *value = setting->value;

	if (!tree->is_v2)
		return cgroup_v1_limit(tree, file, value);
	return cgroup_v2_limit(tree->fd, file, value);
}

/* 0, or -1 after a message; with `may_wait` 1 without one: see below. */
static int cgroup_limit_or_say(const struct cgroup *cg,
			       const struct cgroup_setting *s, bool may_wait)
{
	const struct cgroup_tree *tree = cgroup_tree_for(cg, s->file);

	if (tree &&
	    s->layout == (tree->is_v2 ? CGROUP_V1_ONLY : CGROUP_V2_ONLY))
		return 0;
	if ((!tree || !tree->group) && s->is_optional)
		return 0;
	if (!tree || !tree->group)
		return cgroup_complain(cg, s);
	if (cgroup_limit_one(tree, s) == 0 ||
	    (s->is_optional && (errno == ENOENT || errno == EOPNOTSUPP)))
		return 0;
	if (may_wait && errno == EINVAL)
		return 1;
	return error_call(limit_hints, "%sset %s to \"%s\" in %s",
			  s->origin ? s->origin : "", s->file, s->value,
			  tree->group);
}

/*
 * A limit holds for the group as a whole, and from the next moment on.  The
 * kernel compares some with each other, as a burst with its quota: what it
 * refuses beside the old values it may take beside the new ones.  So that
 * comes again, after the others.
 */
int cgroup_limit(const struct cgroup *cg, const struct cgroup_setting *list)
{
	CLEANUP_FREE const struct cgroup_setting **waiting = NULL;
	size_t count = 0, length = 0;
	int answer;

	while (list[length].file)
		length++;
	waiting = calloc(length + 1, sizeof(struct cgroup_setting *));
	if (!waiting)
		return error_call(NULL, "set the limits");
	for (; list->file; list++) {
		answer = cgroup_limit_or_say(cg, list, true);
		if (answer < 0)
			return -1;
		if (answer > 0)
			waiting[count++] = list;
	}
	for (size_t i = 0; i < count; i++)
		if (cgroup_limit_or_say(cg, waiting[i], false) < 0)
			return -1;
	return 0;
}

/* In all trees but v2's, where it is born.  Returns the one that refused. */
static const struct cgroup_tree *
cgroup_join_by(const struct cgroup *cg, const char *file, const char *text)
{
	for (int i = 0; cg->trees && i < CGROUP_TREES; i++) {
		const struct cgroup_tree *tree = &cg->trees[i];

		if (tree->group && !tree->is_v2 &&
		    cgroup_write(tree->fd, file, text) < 0)
			return tree;
	}
	return NULL;
}

/*
 * One write per tree.  The process is moved, with all its threads, but not
 * the children that it has already, and not the memory that it has used.
 */
int cgroup_join(const struct cgroup *cg, pid_t pid)
{
	const struct cgroup_tree *refuses;
	char text[32];

	snprintf(text, sizeof(text), "%d", pid);
	refuses = cgroup_join_by(cg, "cgroup.procs", text);
	return !refuses ? 0
			: error_call(join_hints, "move process %d to %s", pid,
				     refuses->group);
}

/*
 * "tasks" takes threads, and a 0 is the one that writes it.  For a process the
 * kernel stops all forks of the machine, and that takes it 10 ms after a while;
 * not for one's own thread (Linux 5.5).
 */
int cgroup_join_self(const struct cgroup *cg)
{
	const struct cgroup_tree *refuses = cgroup_join_by(cg, "tasks", "0");

	return !refuses ? 0
			: error_call(join_hints, "join the group %s",
				     refuses->group);
}

/*
 * The root of a new cgroup namespace is the group that the process is in at
 * that moment.  Before it has joined, that would be its parent's.
 */
int cgroup_enter_namespace(struct cgroup *cg)
{
	cgroup_close(cg);
	if (unshare(CLONE_NEWCGROUP) < 0)
		return error_call(namespace_hints, "make a cgroup namespace");
	return 0;
}
