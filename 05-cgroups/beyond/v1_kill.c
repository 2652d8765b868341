/*
 * Freeze and kill in v1, where there is no file to kill a group or to wait for
 * it.
 *
 * Its freezer is a tree like any other: who may make groups in it, such as
 * root in a container, freezes them alone, and thawing the group above does
 * not thaw them.  A frozen process does not even die by SIGKILL.
 */
#include "05-cgroups/beyond/v1_kill.h"

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
#include "05-cgroups/beyond/lists.h"
#include "05-cgroups/beyond/walk.h"
#include "05-cgroups/files.h"

static int v1_tell_freezer(int dir, const char *state, char text[CGROUP_TEXT])
{
	if (cgroup_write(dir, "freezer.state", state) < 0)
		return look_answer(-1);
	return look_answer(cgroup_read_text(dir, "freezer.state", text));
}

/* Reading the state moves FREEZING on to FROZEN; there is no event for it. */
int v1_try_freeze(const struct cgroup_tree *tree, bool freeze)
{
	const char *state = freeze ? "FROZEN" : "THAWED";
	char text[CGROUP_TEXT];
	int answer;

	for (int i = 0; i < CGROUP_WAIT_MS; i++) {
		/*
		 * Written again each time: what was forked meanwhile is
		 * frozen, too.
		 */
		answer = v1_tell_freezer(tree->fd, state, text);
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

int v1_freeze(const struct cgroup_tree *tree, bool freeze)
{
	int answer = v1_try_freeze(tree, freeze);

	if (answer == 0)
		return error_call(NULL, "set freezer.state in %s", tree->group);
	return answer < 0 ? -1 : 0;
}

int v1_thaw_below(int dir)
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
static int v1_kill_one(pid_t pid, int *last)
{
	int pidfd, answer = look_process(pid, &pidfd);

	if (answer <= 0)
		return answer;
	syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0);
	cleanup_close(last);
	*last = pidfd;
	return 1;
}

/* All in one group.  Returns how many there were, or -1 with errno. */
static int v1_kill_in(int dir, int *last)
{
	char text[CGROUP_TEXT], *rest = text, *word;
	int killed, count = 0;

	if (cgroup_read_text(dir, "cgroup.procs", text) < 0)
		return look_answer(-1);
	/* Of a long list the last number may be cut: another process's. */
	if (strrchr(text, '\n'))
		strrchr(text, '\n')[0] = '\0';
	while ((word = cgroup_next_word(&rest, "\n"))) {
		pid_t pid = (pid_t)strtol(word, NULL, 10);

		/* 0: in no PID namespace of ours */
		killed = pid > 0 ? v1_kill_one(pid, last) : 0;
		if (killed < 0)
			return -1;
		count += killed;
	}
	return count;
}

/* And in the groups below it. */
static int v1_kill_all(const struct cgroup_tree *tree, int *last)
{
	struct cgroup_walk walk = cgroup_walk_begin(tree->fd);
	int found, killed = 0, count = 0;

	while (killed >= 0 && (found = cgroup_walk_next(&walk)) > 0) {
		killed = v1_kill_in(walk.dir, last);
		count += killed;
	}
	cgroup_walk_end(&walk);
	if (killed < 0 || found < 0)
		return error_call(NULL, "kill all in %s and below",
				  tree->group);
	return count;
}

/*
 * v1 can only read the list of processes and kill them one by one.  Frozen
 * ones cannot fork away from the list meanwhile; without a freezer it is done
 * again until nobody is left.
 */
int v1_empty(const struct cgroup_tree *tree)
{
	bool can_freeze = cgroup_has(tree->controllers, "freezer");
	int count;

	do {
		CLEANUP_CLOSE int last = -1;

		if (can_freeze && v1_try_freeze(tree, true) < 0)
			return -1;
		count = v1_kill_all(tree, &last);
		/*
		 * SIGKILL waits for a frozen process to go on: v1's freezer
		 * holds it.  By now nobody is left to freeze it again.
		 */
		if (can_freeze && (v1_thaw_below(tree->fd) < 0 ||
				   v1_try_freeze(tree, false) < 0))
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
