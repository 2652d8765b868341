/*
 * After the command's end: what it changed.
 *
 * The container's mount table is gone by now, and its user namespace has no
 * process.  The descriptors that the child handed over keep all that is
 * needed of both.
 */
#include "06-overlay/beyond/report.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "01-uts/child.h"
#include "03-mount/syscalls.h"
#include "05-cgroups/beyond/owner.h"
#include "06-overlay/beyond/diff.h"
#include "06-overlay/beyond/layer.h"
#include "06-overlay/beyond/pass.h"
#include "06-overlay/beyond/why.h"

#define HANDED 3

struct report {
	int tar;        /* the file for the layer */
	int sockets[2]; /* the parent's and the child's end */
};

struct report_handed {
	int upper;  /* all changes */
	int below;  /* what the layers look like without them */
	int userns; /* the user namespace in which owners are right */
	uid_t uid;  /* who the child is in there */
	gid_t gid;
	bool is_userxattr;
};

/*
 * The socket pair is made before the child, which inherits one end of it.  The
 * file is opened before the command, as a shell does it with ">": a misspelt
 * path must not cost the work of hours.
 */
int report_prepare(struct overlay *overlay)
{
	struct report *report;

	if (!overlay->diff && !overlay->commit)
		return 0;
	report = calloc(1, sizeof(*report));
	if (!report)
		return error_call(NULL, "prepare the report");
	*report = (struct report){ .tar = -1, .sockets = { -1, -1 } };
	overlay->report = report;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0,
		       report->sockets) < 0)
		return error_call(NULL, "create a socket pair");
	if (!overlay->commit)
		return 0;
	report->tar = owner_open_output(overlay->commit, 0, 0666);
	if (report->tar < 0)
		return error_call(owner_output_hints, "open %s for the layer",
				  overlay->commit);
	return 0;
}

/*
 * In the child.  The struct goes as bytes, the three descriptors beside it:
 * their numbers mean nothing to the parent, which gets new ones.
 */
static int report_send(int socket, const struct report_handed *handed)
{
	const int fds[HANDED] = { handed->upper, handed->below,
				  handed->userns };
	struct report_handed copy = *handed; /* all but the descriptors */

	if (pass_send(socket, &copy, sizeof(copy), fds, HANDED) < 0)
		return error_call(NULL, "hand the upper directory over");
	return 0;
}

/*
 * What is below the upper directory.  Overlay does not take a single layer
 * alone; a copy of its mount is the same, without what is mounted below it.
 */
static int report_open_below(const struct overlay *overlay,
			     const struct overlay_parts *parts)
{
	const char *options = parts->is_userxattr ? "userxattr" : "index=off";
	int fd;

	if (parts->count > 1) {
		if (overlay_mount(overlay, parts, options) < 0)
			return -1;
		fd = open(overlay->place, O_DIRECTORY | O_CLOEXEC);
	} else {
		fd = open_tree(parts->layers[0], "",
			       AT_EMPTY_PATH | OPEN_TREE_CLONE |
				       OPEN_TREE_CLOEXEC);
	}
	return fd < 0 ? why_not_mounted(overlay, parts) : fd;
}

int report_hand_over(const struct overlay *overlay,
		     const struct overlay_parts *parts)
{
	CLEANUP_CLOSE int userns = open("/proc/self/ns/user", O_CLOEXEC);
	CLEANUP_CLOSE int below = report_open_below(overlay, parts);
	struct report_handed handed = {
		.upper = parts->upper,
		.below = below,
		.userns = userns,
		.uid = geteuid(),
		.gid = getegid(),
		.is_userxattr = parts->is_userxattr,
	};

	if (below < 0)
		return -1;
	return report_send(overlay->report->sockets[1], &handed);
}

static void report_close(const struct report *report)
{
	const int fds[] = { report->tar, report->sockets[0],
			    report->sockets[1] };

	for (size_t i = 0; i < sizeof(fds) / sizeof(int); i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

void report_let_go(const struct report *report)
{
	if (report)
		report_close(report);
}

/*
 * In the parent, after the child's end: what was sent waits in the socket.  So
 * it does not block (MSG_DONTWAIT): if nothing is there, nothing will come,
 * and the answer is 0 instead of 1.
 */
static int report_receive(int socket, struct report_handed *handed)
{
	int fds[HANDED];
	ssize_t length = pass_receive(socket, handed, sizeof(*handed), fds,
				      HANDED, MSG_DONTWAIT);

	if (length == 0 || (length < 0 && errno == EAGAIN))
		return 0;
	if (length < 0)
		return error_call(NULL, "take the upper directory over");
	handed->upper = fds[0];
	handed->below = fds[1];
	handed->userns = fds[2];
	return 1;
}

/*
 * Go to the container's user namespace: owners are seen as they are inside,
 * and all of them can be read.  Who we are outside is nobody there.
 */
static int report_become_child(const struct report_handed *handed)
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
static int report_write(const struct overlay *overlay,
			const struct report_handed *handed)
{
	const char *opaque = handed->is_userxattr ? "user.overlay.opaque"
						  : "trusted.overlay.opaque";
	struct changes changes = { 0 };
	int status;

	if (report_become_child(handed) < 0 || child_die_with_parent() < 0)
		return -1;
	status = diff_find(&changes, handed->upper, handed->below, opaque);
	if (status == 0 && overlay->diff)
		status = diff_print(&changes);
	if (status == 0 && overlay->commit)
		status = layer_write(&changes, handed->upper,
				     overlay->report->tar);
	diff_free(&changes);
	return status;
}

/* A process cannot come back from a user namespace, so a child goes there. */
static int report_fork(const struct overlay *overlay,
		       const struct report_handed *handed)
{
	int status = 0;
	pid_t helper;

	if (overlay->commit && ftruncate(overlay->report->tar, 0) < 0 &&
	    errno != EINVAL) /* not a file, but a pipe */
		return error_call(NULL, "empty %s", overlay->commit);
	helper = fork();
	if (helper == 0)
		_exit(report_write(overlay, handed) < 0);
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

int report_tell(const struct overlay *overlay)
{
	struct report_handed handed = { 0 };
	int status = report_receive(overlay->report->sockets[0], &handed);

	if (status <= 0)
		return status; /* 0: it did not get so far, and has said why */
	status = report_fork(overlay, &handed);
	close(handed.upper);
	close(handed.below);
	close(handed.userns);
	return status;
}

/* No tar archive is empty, so this one was never written: no container. */
void report_remove(struct overlay *overlay)
{
	struct report *report = overlay->report;
	struct stat status;

	if (!report)
		return;
	if (report->tar >= 0 && fstat(report->tar, &status) == 0 &&
	    S_ISREG(status.st_mode) && status.st_size == 0)
		unlink(overlay->commit);
	report_close(report);
	free(report);
	overlay->report = NULL;
}
