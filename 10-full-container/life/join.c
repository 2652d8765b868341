/*
 * The parent's side of a process that joins.
 *
 * It stays where it is: it has the terminal to show and the engine to tell,
 * and from a user namespace nobody comes back.  A helper goes in and leaves a
 * process there, which is the parent's child like the helper itself
 * (CLONE_PARENT), since wait(2) is for parents; see join_inside.c.
 *
 *     here                 helper                    process
 *     clone3(2) -------->  goes in, lets go
 *                          clone3(2) ------------->  waits
 *     waitpid(2) <-------  ends
 *     its number --------------------------------->  goes on
 *       | <--------------------------------a terminal, or what is wrong
 *       | <--------------------------------the end: exec has closed it
 */
#include "10-full-container/life/join.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "habits/error.h"
#include "09-seccomp/beyond/procfs.h"
#include "10-full-container/guard/arguments.h"
#include "10-full-container/guard/harden.h"
#include "10-full-container/talk/sync.h"

const struct hint container_join_hints[] = {
	{ EPERM, "entering a container needs CAP_SYS_ADMIN over it" },
	{ ESRCH, "the container has ended" },
	{ ENOMEM, "the container has ended" },
	{ EAGAIN, "too many processes: see the pids limit of the group" },
	{ ENODEV, "its group is gone: the container has ended" },
	{ EBUSY, "its processes are in groups below its own: say in which one "
		 "by --cgroup" },
	{ ENOSYS,
	  "clone3 is missing (Linux 5.3) or a seccomp filter hides it" },
	{ 0, NULL },
};

/*
 * With cgroup v2 the helper is born in the group, with v1 it moves there.  In
 * both cases before it goes in: the process it makes is never without limits.
 */
static int join_group(struct join *j, struct clone_args *args)
{
	struct cgroup *cg = &j->group;
	const char *path = state_text(&j->state, "cgroup");

	if (!path && j->below)
		return error_input(NULL, "option --cgroup: the container has "
					 "no group");
	if (!path)
		return 0;
	if (cgroup_open(cg, path, args) < 0 || group_check(&j->state, cg) < 0)
		return -1;
	return j->below ? group_open_below(cg, j->below, &j->below_group, args)
			: 0;
}

/* A copy of us, as fork(2) makes one; in its group from the beginning. */
static pid_t join_copy(struct clone_args *args, int (*helper)(void *),
		       void *argument)
{
	long pid = syscall(SYS_clone3, args, sizeof(*args));

	if (pid == 0)
		_exit(helper(argument));
	return (pid_t)pid;
}

join_clone_function *join_clone = join_copy;

/* What the helper could not say, as all of the host's was closed by then. */
static int join_explain(const struct join *j, int wait_status)
{
	if (WIFSIGNALED(wait_status))
		return error_input("is its memory limit too low, or was its "
				   "group killed?",
				   "enter the container %s: signal %d (%s) on "
				   "the way",
				   j->state.id, WTERMSIG(wait_status),
				   strsignal(WTERMSIG(wait_status)));
	if (j->born >= 0)
		return -1; /* it has been said */
	errno = -j->born;
	return error_call(container_join_hints,
			  "create a process in the container %s", j->state.id);
}

/*
 * The process is our child, and sees another number than we do: it is told.
 * Its end of the channel closes when it becomes the program, or ends.
 *
 * Who has power in a user namespace may look into the helper that enters it:
 * so that one is a copy in any case, and has nothing of ours that still counts.
 */
static int join_make(struct join *j, struct clone_args *args)
{
	int wait_status = 0, waited;
	pid_t helper;

	arguments_hide();
	args->exit_signal = SIGCHLD;
	j->is_apart = j->flags & CLONE_NEWUSER || join_clone == join_copy;
	helper = (j->is_apart ? join_copy : join_clone)(args, join_outside, j);
	if (helper < 0)
		return error_call(container_join_hints,
				  "create a process beside the container %s",
				  j->state.id);
	do
		waited = waitpid(helper, &wait_status, 0);
	while (waited < 0 && errno == EINTR);
	arguments_show();
	if (waited < 0) {
		error_call(NULL, "wait for who enters the container %s",
			   j->state.id);
		kill(helper, SIGKILL);
		return -1;
	}
	if (j->is_apart &&
	    sync_hear_number(j->ends[0], &j->born, MSG_DONTWAIT) < 0)
		return -1;
	if (j->born <= 0)
		return join_explain(j, wait_status);
	/* It waits, and has done nothing yet. */
	if (group_check_process(&j->state, j->born) < 0) {
		kill(j->born, SIGKILL);
		waitpid(j->born, NULL, 0);
		return -1;
	}
	j->child = (struct child){ .pid = j->born, .gate = j->ends[0] };
	/* If it has died already, its end is noticed later. */
	if (sync_send_number(j->ends[0], j->born) == 0 || errno == EPIPE ||
	    errno == ECONNRESET)
		return 0;
	error_call(NULL, "let the process go on in container %s", j->state.id);
	kill(j->born, SIGKILL);
	waitpid(j->born, NULL, 0);
	return -1;
}

/*
 * In the parent.  If the helper shares our memory (join_clone), the parent finds
 * there what it remembered in variables; what it opened is the helper's alone.
 * So /proc is opened here (procfs_keep), or its number would be left behind,
 * and lead nowhere.  And the processors to begin on are to be chosen before the
 * group is entered (config.md, "execCPUAffinity").
 */
int join_start(struct join *j)
{
	struct clone_args args = { 0 };
	int result = -1;

	/* The process is seen from inside from its first moment on. */
	harden_hide();
	if (procfs_keep() == 0 &&
	    schedule_choose_cpus(&j->process.schedule.initial) == 0 &&
	    join_group(j, &args) == 0 && sync_pair(j->ends) == 0) {
		result = join_make(j, &args);
		close(j->ends[1]);
		if (result < 0)
			close(j->ends[0]);
	}
	cgroup_close(&j->below_group);
	cgroup_close(&j->group);
	j->channel = j->ends[0];
	return result;
}
