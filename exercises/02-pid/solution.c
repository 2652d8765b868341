/*
 * 02: the command is process 1, or an init is.
 *
 * A process keeps its number for life, so nobody moves to a new PID namespace:
 * a child is born in it.  That makes two of us, and three questions: what the
 * parent does with signals, what the child does when the parent dies, and what
 * process 1 owes the others.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <linux/sched.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static sigset_t all, before; /* signals: blocked here, not in the command */

static _Noreturn void become(char **command)
{
	sigprocmask(SIG_SETMASK, &before, NULL);
	execvp(command[0], command);
	err(errno == ENOENT ? 127 : 126, "%s", command[0]);
}

/*
 * Wait until `command` has ended.  Who else ends is an orphan: the kernel
 * gave it to process 1, and until somebody waits for it, it is a zombie.
 * All signals are blocked and fetched, so a kill(1) of us is the command's;
 * but Ctrl-C (SI_KERNEL) the command has had already.
 */
static int wait_and_forward(pid_t command)
{
	siginfo_t info;
	int status;
	pid_t ended;

	for (;;) {
		while ((ended = waitpid(-1, &status, WNOHANG)) > 0)
			if (ended == command)
				return WIFSIGNALED(status)
					       ? 128 + WTERMSIG(status)
					       : WEXITSTATUS(status);
		if (ended < 0)
			err(125, "wait for the command");
		if (sigwaitinfo(&all, &info) > 0 && info.si_signo != SIGCHLD &&
		    info.si_code != SI_KERNEL)
			kill(command, info.si_signo);
	}
}

/* In process 1: the smallest init. */
static int be_init(char **command)
{
	pid_t first = fork();

	if (first < 0)
		err(125, "fork");
	if (first == 0)
		become(command);
	return wait_and_forward(first);
}

/*
 * The kernel kills us when our parent dies from now on.  It may have died just
 * before this call: then nobody holds the other end of `pipe` any more.
 */
static void die_with_parent(int pipe)
{
	struct pollfd parent = { .fd = pipe };

	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		err(125, "ask to die with the parent");
	if (poll(&parent, 1, 0) != 0)
		_exit(125);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "init", no_argument, NULL, 'i' },
		{ 0 },
	};
	struct clone_args args = { .flags = CLONE_NEWPID,
				   .exit_signal = SIGCHLD };
	int option, init = 0, ends[2];
	long child;

	while ((option = getopt_long(argc, argv, "+i", options, NULL)) != -1) {
		if (option != 'i')
			exit(2);
		init = 1;
	}
	if (optind >= argc) {
		fprintf(stderr, "%s: no command given\n", argv[0]);
		exit(2);
	}

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	if (pipe2(ends, O_CLOEXEC) < 0)
		err(125, "make a pipe");
	child = syscall(SYS_clone3, &args, sizeof(args));
	if (child < 0)
		err(125, "make a process in a new PID namespace");
	if (child == 0) {
		close(ends[1]);
		die_with_parent(ends[0]);
		if (init)
			return be_init(argv + optind);
		become(argv + optind);
	}
	return wait_and_forward((pid_t)child);
}
