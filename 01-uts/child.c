/*
 * Both sides of the gate.
 *
 * clone3(2) without CLONE_VM is fork(2) with flags: the child goes on with a
 * copy of our memory and of our descriptors, so each side first closes the
 * end of the gate that is the other's.  A parent that dies closes its end,
 * too: the child's read(2) then ends without the byte that means "go".
 *
 * Signals are not handled but waited for (sigwaitinfo(2)), together with
 * the child's end (SIGCHLD): no handler that could interrupt a system call,
 * and no moment between a test and a wait in which one could be missed.
 */
#include "01-uts/child.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "habits/surroundings.h"

static const int held_signals[] = { SIGHUP,  SIGINT,  SIGQUIT, SIGTERM,
				    SIGUSR1, SIGUSR2, SIGCONT, SIGCHLD };
static sigset_t signals_before;  /* what the command starts with */
static void (*pipe_before)(int); /* ... and does at SIGPIPE */
static int gate_inside = -1;     /* the child's end of the gate */
static int parent_pidfd = -1;    /* its number means nothing inside */

static const struct hint clone_hints[] = {
	{ EPERM, "run as root (sudo): new namespaces need CAP_SYS_ADMIN" },
	{ EINVAL, "this kernel does not know one of the namespaces asked for" },
	{ ENOSPC, "too many namespaces: see /proc/sys/user/max_*_namespaces" },
	{ EAGAIN, "too many processes: see ulimit -u and the pids cgroup" },
	{ ENOSYS,
	  "clone3 is missing (Linux 5.3) or a seccomp filter hides it" },
	{ 0, NULL },
};

static const struct hint exec_hints[] = {
	{ ENOENT, "check the path inside the container; if the file is there, "
		  "its loader or #! interpreter is not" },
	{ EACCES, "the file is not executable, or a directory is in the way" },
	{ ENOTDIR, "a part of the path is a file, not a directory" },
	{ ENOEXEC, "exec format error: a script needs #!/bin/sh as its first "
		   "line; a program must "
		   "be built for this machine" },
	{ 0, NULL },
};

static const struct hint noexec_hints[] = {
	{ EACCES, "the file system that it is on is mounted noexec" },
	{ 0, NULL },
};

static void child_held_set(sigset_t *set)
{
	sigemptyset(set);
	for (size_t i = 0; i < sizeof(held_signals) / sizeof(int); i++)
		sigaddset(set, held_signals[i]);
}

/*
 * A caller can leave 0, 1 or 2 closed.  What is opened next would get that
 * number: the gate as standard error, say, which a message then opens.
 */
void child_fill_standard(void)
{
	int fd;

	surroundings_remember();
	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

void child_hold_signals(void)
{
	sigset_t held;

	child_fill_standard();
	child_held_set(&held);
	sigprocmask(SIG_BLOCK, &held, &signals_before);
	signal(SIGCHLD, SIG_DFL); /* a caller may have ignored it */
	signal(SIGTTOU, SIG_IGN); /* for child_take_terminal_back() */
	/* Who reads what we print may go away, and we still have to clean up. */
	pipe_before = signal(SIGPIPE, SIG_IGN);
}

/*
 * With a limit of no open files poll(2) takes not even one (EINVAL), but
 * select(2) does.
 */
static int child_select_parent(void)
{
	struct timeval now = { 0 };
	fd_set set;

	if (parent_pidfd >= FD_SETSIZE)
		return -1;
	FD_ZERO(&set);
	FD_SET(parent_pidfd, &set);
	return select(parent_pidfd + 1, &set, NULL, NULL, &now);
}

int child_die_with_parent(void)
{
	struct pollfd parent = { .fd = parent_pidfd, .events = POLLIN };
	int ready;

	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		return error_call(NULL, "ask to die with the parent");
	/* It may have died just before; a pidfd is readable from then on. */
	ready = poll(&parent, 1, 0);
	if (ready < 0 && errno == EINVAL)
		ready = child_select_parent();
	if (ready < 0)
		return error_call(NULL, "see whether the parent lives");
	return ready == 0 ? 0 : -1;
}

/* A socket on which nothing more comes is readable at its end, as a pidfd. */
int child_adopt(int witness)
{
	parent_pidfd = witness;
	return child_die_with_parent();
}

/* In the child: from the first instruction to the last. */
static _Noreturn void child_main(int (*inside)(void *), void *argument)
{
	if (child_die_with_parent() < 0)
		_exit(EXIT_SETUP);
	_exit(inside(argument));
}

/* EPERM means something else to who is root already. */
static void child_complain(const struct clone_args *args)
{
	const struct hint root_hints[] = {
		{ EPERM, surroundings_forbid(args->flags) },
		{ 0, NULL },
	};

	error_call(errno == EPERM && geteuid() == 0 ? root_hints : clone_hints,
		   "create a process in new namespaces");
}

int child_start(struct child *child, struct clone_args *args,
		int (*inside)(void *), void *argument)
{
	bool is_sibling;
	int ends[2];
	long pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return error_call(NULL, "create a socket pair for the gate");
	/* With CLONE_PARENT it is a sibling of the caller (stage 10). */
	is_sibling = args->flags & CLONE_PARENT;
	parent_pidfd = (int)syscall(SYS_pidfd_open,
				    is_sibling ? getppid() : getpid(), 0);
	args->exit_signal = is_sibling ? 0 : SIGCHLD;
	pid = parent_pidfd < 0 ? -1 : syscall(SYS_clone3, args, sizeof(*args));
	if (pid == 0) {
		close(ends[1]);
		gate_inside = ends[0];
		child_main(inside, argument);
	}
	if (pid < 0)
		child_complain(args);
	close(parent_pidfd);
	parent_pidfd = -1;
	close(ends[0]);
	if (pid < 0)
		close(ends[1]);
	*child = (struct child){ .pid = (pid_t)pid, .gate = ends[1] };
	return pid < 0 ? -1 : 0;
}

int child_wait_gate(void)
{
	CLEANUP_CLOSE int gate = gate_inside;
	ssize_t length;
	char go;

	gate_inside = -1;
	do
		length = read(gate, &go, 1);
	while (length < 0 && errno == EINTR);
	if (length < 0)
		error_call(NULL, "wait for the parent");
	return length == 1 ? 0 : -1;
}

/* Why was it not executed?  Keeps errno. */
static const struct hint *child_exec_hints(const char *file)
{
	struct statvfs at;
	int error = errno;
	bool is_noexec = statvfs(file, &at) == 0 && (at.f_flag & ST_NOEXEC);

	errno = error;
	return is_noexec ? noexec_hints : exec_hints;
}

/*
 * As execvp(3), but for one thing: what is no program is not handed to /bin/sh.
 * The shell would take another machine's program for a script.
 */
static const struct hint *child_search(char **command)
{
	const char *set = getenv("PATH"), *path = set ? set : "/bin:/usr/bin";
	const struct hint *hints = exec_hints;
	char file[PATH_MAX];
	int error = ENOENT;

	if (strchr(command[0], '/')) {
		execve(command[0], command, environ);
		return child_exec_hints(command[0]);
	}
	for (;; path++) {
		size_t length = strcspn(path, ":");

		snprintf(file, sizeof(file), "%.*s%s%s", (int)length, path,
			 length ? "/" : "", command[0]);
		execve(file, command, environ);
		if (errno != EACCES && errno != ENOENT && errno != ENOTDIR)
			return exec_hints;
		if (errno == EACCES) {
			hints = child_exec_hints(file);
			error = EACCES;
		}
		path += length;
		if (*path == '\0')
			break;
	}
	errno = error;
	return hints;
}

int child_exec(char **command)
{
	const struct hint *hints;

	signal(SIGTTOU, SIG_DFL);
	if (pipe_before != SIG_ERR)
		signal(SIGPIPE, pipe_before);
	sigprocmask(SIG_SETMASK, &signals_before, NULL);
	hints = child_search(command);
	error_call(hints, "run \"%s\"", command[0]);
	return errno == ENOENT ? 127 : 126;
}

int child_status(int wait_status)
{
	if (WIFSIGNALED(wait_status))
		return 128 + WTERMSIG(wait_status);
	return WEXITSTATUS(wait_status);
}

/*
 * A shell with job control makes itself the terminal's foreground group and,
 * when it is killed, does not give the terminal back.  A group that still has
 * processes keeps it: after "&" that is the caller's own shell.
 */
static void child_take_terminal_back(void)
{
	pid_t foreground = tcgetpgrp(STDIN_FILENO);

	if (foreground > 0 && kill(-foreground, 0) < 0 && errno == ESRCH)
		tcsetpgrp(STDIN_FILENO, getpgrp());
}

/*
 * One signal that arrived here is also for the child, except what the kernel
 * itself sent: Ctrl-C reaches every process of the terminal's foreground
 * group, so the child has had it already.  Only the hang-up of a terminal goes
 * to the session's leader alone.
 */
static void child_pass_on(const struct child *child, const siginfo_t *info)
{
	if (info->si_code != SI_KERNEL ||
	    (info->si_signo == SIGHUP && getsid(0) == getpid()))
		kill(child->pid, info->si_signo);
}

/*
 * Has the child ended?  When it was only stopped (Ctrl-Z), stop as well.  One
 * with a session of its own is no job of our terminal: it stops alone.
 */
static int child_has_ended(const struct child *child, int *wait_status)
{
	pid_t ended;

	do
		ended = waitpid(child->pid, wait_status, WNOHANG | WUNTRACED);
	while (ended < 0 && errno == EINTR);
	if (ended < 0) {
		error_call(NULL, "wait for the command");
		kill(child->pid, SIGKILL); /* what it uses is removed next */
		*wait_status = W_EXITCODE(EXIT_SETUP, 0);
		return 1;
	}
	if (ended == 0)
		return 0;
	if (!WIFSTOPPED(*wait_status))
		return 1;
	if (getsid(child->pid) != getsid(0))
		return 0;
	kill(getpid(), SIGSTOP);
	kill(child->pid, SIGCONT);
	return 0;
}

int child_run(struct child *child)
{
	int wait_status = 0;
	siginfo_t info;
	sigset_t held;

	child_held_set(&held);
	if (send(child->gate, "", 1, MSG_NOSIGNAL) < 0 && errno != EPIPE)
		error_call(NULL, "open the gate for the child");
	close(child->gate);
	while (!child_has_ended(child, &wait_status))
		if (sigwaitinfo(&held, &info) > 0 && info.si_signo != SIGCHLD)
			child_pass_on(child, &info);
	child_take_terminal_back();
	return child_status(wait_status);
}

int child_abandon(struct child *child)
{
	close(child->gate);
	waitpid(child->pid, NULL, 0);
	return EXIT_SETUP;
}
