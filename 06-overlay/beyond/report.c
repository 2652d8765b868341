/*
 * After the command's end: what it changed.
 *
 * The container's mount table is gone by now, and its user namespace has no
 * process.  The descriptors that the child handed over keep all that is
 * needed of both.
 */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "habits/error.h"
#include "01-uts/child.h"
#include "06-overlay/beyond/diff.h"
#include "06-overlay/beyond/internal.h"
#include "06-overlay/beyond/layer.h"

/*
 * Go to the container's user namespace: owners are seen as they are inside,
 * and all of them can be read.  Who we are outside is nobody there.
 */
static int overlay_become_child(const struct overlay_handed *handed)
{
	if (setns(handed->userns, CLONE_NEWUSER) < 0) {
		if (errno == EINVAL) /* it is the one that we are in */
			return 0;
		return error_call(NULL, "enter the container's user namespace");
	}
	if (setresgid(handed->gid, handed->gid, handed->gid) < 0 ||
	    setresuid(handed->uid, handed->uid, handed->uid) < 0)
		return error_call(NULL, "become user %u there", handed->uid);
	return 0;
}

/*
 * In the helper.  A directory with 100000 files is walked once, for both
 * outputs.
 */
static int overlay_tell(const struct overlay *overlay,
			const struct overlay_handed *handed)
{
	const char *opaque = handed->is_userxattr ? "user.overlay.opaque"
						  : "trusted.overlay.opaque";
	struct changes changes = { 0 };
	int status;

	if (overlay_become_child(handed) < 0 || child_die_with_parent() < 0)
		return -1;
	status = diff_find(&changes, handed->upper, handed->below, opaque);
	if (status == 0 && overlay->diff)
		status = diff_print(&changes);
	if (status == 0 && overlay->commit)
		status = layer_write(&changes, handed->upper,
				     overlay->state->tar);
	diff_free(&changes);
	return status;
}

/* A process cannot come back from a user namespace, so a child goes there. */
static int overlay_fork_report(const struct overlay *overlay,
			       const struct overlay_handed *handed)
{
	int status = 0;
	pid_t helper;

	if (overlay->commit && ftruncate(overlay->state->tar, 0) < 0 &&
	    errno != EINVAL) /* not a file, but a pipe */
		return error_call(NULL, "empty %s", overlay->commit);
	helper = fork();
	if (helper == 0)
		_exit(overlay_tell(overlay, handed) < 0);
	if (helper < 0 || waitpid(helper, &status, 0) != helper)
		return error_call(NULL, "run a process that tells the changes");
	if (WIFSIGNALED(status))
		return error_input(NULL,
				   "the process that tells the changes was "
				   "killed by signal %d",
				   WTERMSIG(status));
	if (status != 0 && overlay->commit)
		error_note("%s is not a complete layer", overlay->commit);
	return status ? -1 : 0;
}

/*
 * In the parent.  Nothing to report is success: without --diff or --commit,
 * the child has handed nothing over.
 */
int overlay_report(const struct overlay *overlay)
{
	struct overlay_handed handed = { 0 };
	int status;

	if (!overlay->state)
		return 0;
	status = overlay_take_over(overlay->state->sockets[0], &handed);
	if (status <= 0)
		return status; /* 0: it did not get so far, and has said why */
	status = overlay_fork_report(overlay, &handed);
	close(handed.upper);
	close(handed.below);
	close(handed.userns);
	return status;
}
