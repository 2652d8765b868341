/*
 * The smallest init: what `docker run --init` puts in front of a command.
 *
 * It blocks all signals and waits for the next one.  SIGCHLD means that
 * somebody ended: the command, or an orphan that was handed to process 1.
 * Each other signal is the command's.
 */
#include "02-pid/pid.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "habits/error.h"
#include "01-uts/child.h"

const struct option_entry pid_options[] = {
	{ 'i', "init", NULL, "PID 1 reaps orphans and forwards signals",
	  option_flag, offsetof(struct pid, init) },
	{ 0 },
};

/* Wait for whoever has ended.  Returns 1 when the command is among them. */
static int pid_reap(pid_t command, int *status)
{
	int wait_status;
	pid_t ended;

	while ((ended = waitpid(-1, &wait_status, WNOHANG)) != 0) {
		if (ended < 0 && errno != EINTR) {
			error_call(NULL, "wait for the command");
			*status = EXIT_SETUP;
			return 1;
		}
		if (ended != command)
			continue;
		*status = child_status(wait_status);
		return 1;
	}
	return 0;
}

/*
 * The life of PID 1: reap, and forward.  A signal that is blocked is kept
 * for sigwaitinfo(2) even in an init; unblocked and without a handler it
 * would be dropped.  The kernel sends Ctrl-C to the command as well
 * (SI_KERNEL), so that is not forwarded a second time.
 */
static int pid_init(pid_t command)
{
	siginfo_t info;
	sigset_t all;
	int status;

	sigfillset(&all);
	while (!pid_reap(command, &status))
		if (sigwaitinfo(&all, &info) > 0 && info.si_signo != SIGCHLD &&
		    info.si_code != SI_KERNEL)
			kill(command, info.si_signo);
	return status;
}

int pid_run(const struct pid *pid, char **command)
{
	sigset_t all;
	pid_t first;

	if (!pid->init)
		return child_exec(command);
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	first = fork();
	if (first < 0) {
		error_call(NULL, "fork for \"%s\"", command[0]);
		return EXIT_SETUP;
	}
	if (first == 0)
		_exit(child_exec(command));
	/* Process 1 stays, and everybody inside can look at /proc/1/fd. */
	syscall(SYS_close_range, STDERR_FILENO + 1, UINT_MAX, 0);
	return pid_init(first);
}
