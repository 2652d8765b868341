/*
 * Make the group, limit it, put the child in it; and at the end remove it.
 *
 * Four questions lead beyond/: where may groups be made (top.h), what did
 * killed programs leave (own.h), is there version 1 (others.h), and why has
 * the kernel refused (why.h).
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
	char words[CGROUP_TEXT]; /* "+memory +pids " */

	if (!top_choose(cg, dir, words))
		return 0;
	if ((why_not_to_enable(dir) ||
	     cgroup_write(dir, "cgroup.subtree_control", words) < 0) &&
	    why_not_enabled(cg, dir, words) < 0)
		return -1;
	return top_announce(cg, dir, words);
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
	if (own_claim(cg) < 0)
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
		own_rmdir(cg);
		cgroup_close(cg);
	} else if (cg->path) {
		args->flags |= CLONE_INTO_CGROUP;
		args->cgroup = (__u64)cg->dir;
	}
	return result;
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
static int cgroup_wait(const struct cgroup *cg, const char *line)
{
	CLEANUP_CLOSE int fd =
		openat(cg->dir, "cgroup.events", O_RDONLY | O_CLOEXEC);
	struct pollfd events = { .fd = fd, .events = POLLPRI };
	char text[CGROUP_TEXT];
	int answer;

	while ((answer = look_answer(cgroup_read_in(fd, text))) > 0 &&
	       !strstr(text, line))
		if (poll(&events, 1, CGROUP_WAIT_MS) <= 0)
			return why_not_yet(cg, line);
	if (answer < 0)
		return error_call(NULL, "read the events of %s", cg->path);
	return 0; /* also if the group is gone, and all in it */
}

/*
 * Unlike SIGSTOP, a process can neither notice nor undo it, and nobody can
 * fork away from it: it is the group that is frozen.  Half frozen is no state
 * to be in: if it does not work, it is thawed again.
 */
int cgroup_freeze(const struct cgroup *cg, bool freeze)
{
	if (!cg->path)
		return others_freeze(cg, freeze);
	if (cgroup_write(cg->dir, "cgroup.freeze", freeze ? "1" : "0") < 0)
		return error_call(NULL, "%s %s", freeze ? "freeze" : "thaw",
				  cg->path);
	if (cgroup_wait(cg, freeze ? "frozen 1" : "frozen 0") == 0)
		return 0;
	if (freeze)
		cgroup_write(cg->dir, "cgroup.freeze", "0");
	return -1;
}

/*
 * One write kills all, those that are being forked included.  Mostly all have
 * ended by then, and nobody need be told.  What version 1 has frozen does not
 * die, so that comes first.
 */
int cgroup_kill(const struct cgroup *cg)
{
	char text[CGROUP_TEXT];

	if (others_kill_frozen(cg) < 0)
		return -1;
	if (cg->path && (cgroup_read_text(cg->dir, "cgroup.events", text) < 0 ||
			 !strstr(text, "populated 0"))) {
		if (cgroup_write(cg->dir, "cgroup.kill", "1") < 0 &&
		    look_answer(-1) < 0)
			return error_call(NULL, "kill what is in %s", cg->path);
		if (cgroup_wait(cg, "populated 0") < 0)
			return -1;
	}
	return others_kill(cg);
}

/* rmdir(2), not rm -r: the files are the kernel's and go with the directory. */
int cgroup_remove(struct cgroup *cg)
{
	int result = cgroup_kill(cg);

	if (own_rmdir(cg) < 0)
		result = -1;
	cgroup_close(cg);
	return result;
}

void cgroup_close(struct cgroup *cg)
{
	if (cg->path)
		cleanup_close(&cg->dir);
	others_close(cg);
	free(cg->path);
	cg->path = NULL;
}
