/* v1 grew one controller at a time, each with a style of its own. */
#include "05-cgroups/beyond/others.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "habits/look.h"
#include "05-cgroups/beyond/at_path.h"
#include "05-cgroups/beyond/existing.h"
#include "05-cgroups/beyond/lists.h"
#include "05-cgroups/beyond/own.h"
#include "05-cgroups/beyond/trees.h"
#include "05-cgroups/beyond/walk.h"
#include "05-cgroups/beyond/why.h"
#include "05-cgroups/files.h"

/*
 * v2 always: to start in, to freeze, to kill, and to count the time it used.
 * v1, if not every tree is asked for, only for a controller that is needed,
 * because a process has to be moved to each of its trees: the first time after
 * a while that takes the kernel about 10 ms.  Without v2 two controllers stand
 * for what it always can.
 */
bool others_need(const struct cgroup *cg, const struct cgroup_tree *tree)
{
	const struct others *others = cg->others;
	bool has_v2 = others->trees[0].top != NULL;
	char *rest, *name;

	if (!tree->top || tree->is_v2 || others->every_tree)
		return tree->top != NULL;
	if (!has_v2 && (cgroup_has(tree->controllers, "freezer") ||
			cgroup_has(tree->controllers, "cpuacct")))
		return true;
	if (!has_v2 && cgroup_has(tree->controllers, "devices"))
		return others->rules;
	rest = strdupa(tree->controllers);
	while ((name = cgroup_next_word(&rest, ",")))
		if (settings_want(cg, name) && trees_with(cg, name) == tree)
			return true;
	return false;
}

int others_make(struct cgroup *cg)
{
	struct cgroup_tree *trees = cg->others->trees;
	int result = 0;

	if (cg->path) /* so that it is found where all trees are gone through */
		trees_hold(cg, &trees[0], cg->dir, cg->path);
	for (int i = 1; result == 0 && i < TREES_MAX; i++) {
		CLEANUP_FREE char *path = NULL;

		if (!others_need(cg, &trees[i]))
			continue;
		path = own_claim_in(cg, &trees[i]);
		if (!path)
			return -1;
		result = existing_make(cg, &trees[i],
				       path + strlen(trees[i].top));
		if (!trees[i].group)
			own_drop_parent(path);
	}
	return result;
}

/* ENOENT: it may be called otherwise.  What else v2 says is its last word. */
int others_limit(const struct cgroup *cg, const struct cgroup_setting *s)
{
	const struct cgroup_tree *tree = trees_with(cg, s->file);

	if (!tree || !tree->group || (tree->is_v2 && errno != ENOENT))
		return -1;
	return settings_write(tree, s->file, s->value);
}

/* In all trees but v2's, where it is born.  Returns the one that refused. */
static const struct cgroup_tree *
others_write(const struct cgroup *cg, const char *file, const char *text)
{
	trees_each (cg, tree)
		if (!tree->is_v2 && cgroup_write(tree->fd, file, text) < 0)
			return tree;
	return NULL;
}

/*
 * One write per tree.  The process is moved, with all its threads, but not
 * the children that it has already, and not the memory that it has used.
 */
int others_join(const struct cgroup *cg, pid_t pid)
{
	const struct cgroup_tree *refuses;
	char text[32];

	snprintf(text, sizeof(text), "%d", pid);
	refuses = others_write(cg, "cgroup.procs", text);
	return !refuses ? 0
			: error_call(why_not_joined, "move process %d to %s",
				     pid, refuses->group);
}

/*
 * "tasks" takes threads, and a 0 is the one that writes it.  For a process the
 * kernel stops all forks of the machine, and that takes it 10 ms after a while;
 * not for one's own thread (Linux 5.5).
 */
int cgroup_join_self(const struct cgroup *cg)
{
	const struct cgroup_tree *refuses = others_write(cg, "tasks", "0");

	return !refuses ? 0
			: error_call(why_not_joined, "join the group %s",
				     refuses->group);
}

/*
 * Freeze and kill, where there is no file to kill a group or to wait for it.
 *
 * The freezer is a tree like any other: who may make groups in it, such as
 * root in a container, freezes them alone, and thawing the group above does
 * not thaw them.  A frozen process does not even die by SIGKILL.
 */
static int others_tell_freezer(int dir, const char *state,
			       char text[CGROUP_TEXT])
{
	if (cgroup_write(dir, "freezer.state", state) < 0)
		return look_answer(-1);
	return look_answer(cgroup_read_text(dir, "freezer.state", text));
}

/* Reading the state moves FREEZING on to FROZEN; there is no event for it. */
static int others_try_freeze(const struct cgroup_tree *tree, bool freeze)
{
	const char *state = freeze ? "FROZEN" : "THAWED";
	char text[CGROUP_TEXT];
	int answer;

	for (int i = 0; i < CGROUP_WAIT_MS; i++) {
		/*
		 * Written again each time: what was forked meanwhile is
		 * frozen, too.
		 */
		answer = others_tell_freezer(tree->fd, state, text);
		if (answer < 0)
			return error_call(NULL, "set freezer.state in %s",
					  tree->group);
		if (answer == 0 || strncmp(text, state, strlen(state)) == 0)
			return answer;
		poll(NULL, 0, 1);
	}
	return error_input("a process in it may hang in the kernel: see state "
			   "D in ps",
			   "wait for %s in %s: not within %d seconds", state,
			   tree->group, CGROUP_WAIT_MS / 1000);
}

static int others_freeze_in(const struct cgroup_tree *tree, bool freeze)
{
	int answer = others_try_freeze(tree, freeze);

	if (answer == 0)
		return error_call(NULL, "set freezer.state in %s", tree->group);
	return answer < 0 ? -1 : 0;
}

int others_thaw_below(int dir)
{
	struct cgroup_walk walk = cgroup_walk_begin(dir);
	int found, answer = 0;

	while (answer >= 0 && (found = cgroup_walk_next(&walk)) > 0)
		answer = look_answer(
			cgroup_write(walk.dir, "freezer.state", "THAWED"));
	cgroup_walk_end(&walk);
	if (answer < 0 || found < 0)
		return error_call(NULL, "thaw a group, and those below it");
	return 0;
}

/*
 * Kill one process.  1, and `*last` becomes a descriptor that tells when it
 * has ended; 0: it is gone; -1 with errno.
 */
static int others_kill_one(pid_t pid, int *last)
{
	int pidfd, answer = look_process(pid, &pidfd);

	if (answer <= 0)
		return answer;
	syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0);
	cleanup_close(last);
	*last = pidfd;
	return 1;
}

/* All in it and in the groups below.  How many there were. */
static int others_kill_below(const struct cgroup_tree *tree, int *last)
{
	CLEANUP_FREE pid_t *pids = NULL;
	int listed = cgroup_walk_processes(tree->fd, &pids);
	int killed = listed, count = 0;

	for (int i = 0; killed >= 0 && i < listed; i++) {
		killed = others_kill_one(pids[i], last);
		count += killed;
	}
	return killed < 0 ? error_call(NULL, "kill all in %s and below",
				       tree->group)
			  : count;
}

/*
 * v1 can only read the list of processes and kill them one by one.  Frozen
 * ones cannot fork away from the list meanwhile; without a freezer it is done
 * again until nobody is left.
 */
int others_empty(const struct cgroup_tree *tree)
{
	bool can_freeze = cgroup_has(tree->controllers, "freezer");
	int count;

	do {
		CLEANUP_CLOSE int last = -1;

		if (can_freeze && others_try_freeze(tree, true) < 0)
			return -1;
		count = others_kill_below(tree, &last);
		/*
		 * SIGKILL waits for a frozen process to go on: v1's freezer
		 * holds it.  By now nobody is left to freeze it again.
		 */
		if (can_freeze && (others_thaw_below(tree->fd) < 0 ||
				   others_try_freeze(tree, false) < 0))
			return -1;
		if (count < 0)
			return -1;
		struct pollfd end = { .fd = last, .events = POLLIN };
		if (count > 0 && poll(&end, 1, CGROUP_WAIT_MS) == 0)
			return error_input(
				"it may hang in the kernel: see state D in ps",
				"kill a process in %s: it lives after %d "
				"seconds",
				tree->group, CGROUP_WAIT_MS / 1000);
	} while (count > 0);
	return 0;
}

static struct cgroup_tree *others_freezer(const struct cgroup *cg)
{
	struct cgroup_tree *tree = trees_with(cg, "freezer.state");

	return tree && tree->group && !tree->is_v2 ? tree : NULL;
}

int others_freeze(const struct cgroup *cg, bool freeze)
{
	const struct cgroup_tree *tree = others_freezer(cg);
	int result;

	if (!tree)
		return error_input("it takes cgroup v2, or v1 with the freezer "
				   "controller",
				   "freeze the container: it has no group");
	result = others_freeze_in(tree, freeze);
	if (result < 0 && freeze)
		cgroup_write(tree->fd, "freezer.state", "THAWED");
	return result;
}

int others_kill_frozen(const struct cgroup *cg)
{
	const struct cgroup_tree *freezer = others_freezer(cg);

	return freezer ? others_empty(freezer) : 0;
}

/* They are mostly found empty by now, unless a process left the freezer's. */
int others_kill(const struct cgroup *cg)
{
	const struct cgroup_tree *freezer = others_freezer(cg);

	trees_each (cg, tree)
		if (!tree->is_v2 && tree != freezer && others_empty(tree) < 0)
			return -1;
	return 0;
}

void others_close(struct cgroup *cg)
{
	for (int i = 0; cg->others && i < TREES_MAX; i++) {
		struct cgroup_tree *tree = &cg->others->trees[i];

		if (tree->group && !tree->is_v2) {
			cleanup_close(&tree->fd);
			free(tree->group);
		}
		free(tree->controllers);
		free(tree->point);
		free(tree->top);
	}
	if (cg->others)
		own_close(cg);
	free(cg->others);
	cg->others = NULL;
}
