/*
 * Make the group, limit it, put the child in it; and at the end remove it.
 *
 * beyond/ has what a real machine adds: where groups may be made (top.h), what
 * killed programs left (own.h), version 1 (others.h), and why the kernel has
 * refused (why.h).
 */
#include "05-cgroups/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "habits/look.h"
#include "05-cgroups/beyond/others.h"
#include "05-cgroups/beyond/own.h"
#include "05-cgroups/beyond/top.h"
#include "05-cgroups/beyond/why.h"
#include "05-cgroups/files.h"

/*
 * A group has the files of a controller only if the one above hands it down.
 * So it is enabled level by level, before the directory is made: mkdir(2) then
 * makes the files, too.
 */
static int cgroup_enable(const struct cgroup *cg, int dir)
{
	char words[CGROUP_TEXT]; /* "+memory +pids" */

	top_choose(cg, dir, words);
	if (!words[0])
		return 0;
	if ((why_not_to_enable(dir) ||
	     cgroup_write(dir, "cgroup.subtree_control", words) < 0) &&
	    why_not_enabled(cg, dir, words) < 0)
		return -1;
	top_announce(cg, dir, words);
	return 0;
}

/* One level down: its controllers, the directory, and a hold on it. */
static int cgroup_descend(const struct cgroup *cg, int dir, const char *name)
{
	int group = -1;

	if (cgroup_enable(cg, dir) < 0)
		return -1;
	if (mkdirat(dir, name, 0755) == 0 || errno == EEXIST)
		group = openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return group < 0 ? why_not_made(cg, dir, name) : group;
}

/* ten-steps/PROGRAM.PID.STARTTIME, below the highest group that is ours. */
static int cgroup_make(struct cgroup *cg)
{
	CLEANUP_CLOSE int top = -1, parent = -1;
	int found = top_open(cg, &top);

	if (found <= 0)
		return found; /* nobody lets us make one, or only version 1 */
	cg->path = own_claim(cg);
	if (!cg->path)
		return -1;
	parent = cgroup_descend(cg, top, OWN_PARENT);
	if (parent >= 0)
		cg->dir = cgroup_descend(cg, parent, own_name(cg));
	return cg->dir < 0 ? own_give_up(cg) : 0;
}

/* A limit is one write(2), and holds from the next moment on. */
static int cgroup_limit(const struct cgroup *cg)
{
	for (const struct cgroup_setting *s = cg->settings; s->file; s++)
		if (cgroup_write(cg->dir, s->file, s->value) < 0 &&
		    others_limit(cg, s) < 0 && why_not_limited(cg, s) < 0)
			return -1;
	return 0;
}

/* Remove it: nobody is in it. */
static int cgroup_drop(struct cgroup *cg)
{
	int result = cg->path ? own_rmdir(cg) : 0;

	if (others_remove(cg) < 0)
		result = -1;
	if (result == 0)
		own_forget(cg);
	cgroup_close(cg);
	return result;
}

/*
 * In the parent, before there is a child.  With CLONE_INTO_CGROUP (Linux 5.7)
 * the child is born in its group: at no moment is it outside of the limits.
 */
int cgroup_create(struct cgroup *cg, struct clone_args *args)
{
	int result = -1;

	cg->dir = -1;
	if (top_find(cg) == 0 && own_begin(cg) == 0 && cgroup_make(cg) == 0 &&
	    others_make(cg) == 0 && cgroup_limit(cg) == 0)
		result = why_not_to_start(cg);
	own_end(cg);
	if (result < 0) {
		cgroup_drop(cg);
		return -1;
	}
	if (cg->path) {
		args->flags |= CLONE_INTO_CGROUP;
		args->cgroup = (__u64)cg->dir;
	}
	return 0;
}

int cgroup_join(const struct cgroup *cg, pid_t pid)
{
	return others_join(cg, pid);
}

/*
 * The root of a new cgroup namespace is the group that the process is in at
 * that moment.  Before it has joined, that would be its parent's.
 */
int cgroup_enter_namespace(struct cgroup *cg)
{
	cgroup_close(cg);
	if (unshare(CLONE_NEWCGROUP) < 0)
		return error_call(why_no_namespace, "make a cgroup namespace");
	return 0;
}

/*
 * cgroup.events has lines like "populated 1" and "frozen 0".  A change wakes
 * poll(2), provided that the same descriptor has read the state before it.
 */
static int cgroup_wait(const struct cgroup *cg, const char *key,
		       long long value)
{
	CLEANUP_CLOSE int fd = -1;
	int answer = look_open(cg->dir, "cgroup.events", O_RDONLY, &fd);
	struct pollfd events = { .fd = fd, .events = POLLPRI };
	char text[CGROUP_TEXT];
	ssize_t length;

	do {
		length = answer > 0 ? pread(fd, text, sizeof(text) - 1, 0) : 0;
		if (answer > 0)
			answer = look_answer(length);
		if (answer < 0)
			return error_call(NULL, "read the events of %s",
					  cg->path);
		if (answer == 0)
			return 0; /* the group is gone, and all in it */
		text[length] = '\0';
		if (cgroup_find_number(text, key) == value)
			return 0;
	} while (poll(&events, 1, CGROUP_WAIT_MS) > 0);
	return error_input("a process in it may hang in the kernel: see state "
			   "D in ps",
			   "wait for \"%s %lld\" in %s: not within %d seconds",
			   key, value, cg->path, CGROUP_WAIT_MS / 1000);
}

/*
 * Unlike SIGSTOP, a process can neither notice nor undo it, and nobody can
 * fork away from it: it is the group that is frozen.  Half frozen is no state
 * to be in: if it does not work, it is thawed again.
 */
int cgroup_freeze(const struct cgroup *cg, bool freeze)
{
	int result;

	if (!cg->path)
		return others_freeze(cg, freeze);
	result = cgroup_write(cg->dir, "cgroup.freeze", freeze ? "1" : "0");
	if (result < 0)
		error_call(NULL, "%s %s", freeze ? "freeze" : "thaw", cg->path);
	else
		result = cgroup_wait(cg, "frozen", freeze);
	if (result < 0 && freeze)
		cgroup_write(cg->dir, "cgroup.freeze", "0");
	return result;
}

/*
 * One write kills all, those that are being forked included.  Mostly all have
 * ended by then, and nobody need be told.  What version 1 has frozen does not
 * die, so that comes first.
 */
int cgroup_kill(const struct cgroup *cg)
{
	long long populated = 0;

	if (others_kill_frozen(cg) < 0)
		return -1;
	if (cg->path && cgroup_number(cg->dir, "cgroup.events", "populated",
				      &populated) <= 0)
		populated = 1; /* as far as we know */
	if (populated && cgroup_write(cg->dir, "cgroup.kill", "1") < 0 &&
	    errno != ENOENT && errno != ENODEV)
		return error_call(NULL, "kill what is in %s", cg->path);
	if (populated && cgroup_wait(cg, "populated", 0) < 0)
		return -1;
	return others_kill(cg);
}

int cgroup_remove(struct cgroup *cg)
{
	int result = cgroup_kill(cg);

	return cgroup_drop(cg) < 0 ? -1 : result;
}

void cgroup_close(struct cgroup *cg)
{
	if (cg->path)
		cleanup_close(&cg->dir);
	others_close(cg);
	free(cg->path);
	cg->path = NULL;
}
