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
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "01-uts/beyond/parent.h"
#include "01-uts/beyond/program.h"
#include "01-uts/beyond/terminal.h"
#include "01-uts/beyond/why.h"

static const int held_signals[] = { SIGHUP,  SIGINT,  SIGQUIT, SIGTERM,
				    SIGUSR1, SIGUSR2, SIGCONT, SIGCHLD };
static sigset_t signals_before; /* what the command starts with */
static int gate_inside = -1;    /* the child's end of the gate */

static void child_held_set(sigset_t *set)
{
	sigemptyset(set);
	for (size_t i = 0; i < sizeof(held_signals) / sizeof(int); i++)
		sigaddset(set, held_signals[i]);
}

void child_hold_signals(void)
{
	sigset_t held;

	terminal_prepare();
	child_held_set(&held);
	sigprocmask(SIG_BLOCK, &held, &signals_before);
	signal(SIGCHLD, SIG_DFL); /* a caller may have ignored it */
}

int child_die_with_parent(void)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		return error_call(NULL, "ask to die with the parent");
	return parent_is_there(); /* it may have died just before */
}

/* In the child: from the first instruction to the last. */
static _Noreturn void child_main(int (*inside)(void *), void *argument)
{
	if (child_die_with_parent() < 0)
		_exit(EXIT_SETUP);
	_exit(inside(argument));
}

int child_start(struct child *child, struct clone_args *args,
		int (*inside)(void *), void *argument)
{
	int ends[2];
	long pid = -1;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return error_call(NULL, "create a socket pair for the gate");
	args->exit_signal = SIGCHLD;
	if (parent_watch(getpid()) == 0)
		pid = syscall(SYS_clone3, args, sizeof(*args));
	if (pid == 0) {
		close(ends[1]);
		gate_inside = ends[0];
		child_main(inside, argument);
	}
	if (pid < 0)
		why_no_child(args);
	parent_forget();
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

int child_exec(char **command)
{
	const struct hint *hints;

	terminal_restore();
	sigprocmask(SIG_SETMASK, &signals_before, NULL);
	hints = program_execute(command);
	error_call(hints, "run \"%s\"", command[0]);
	return errno == ENOENT ? 127 : 126;
}

int child_status(int wait_status)
{
	if (WIFSIGNALED(wait_status))
		return 128 + WTERMSIG(wait_status);
	return WEXITSTATUS(wait_status);
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
	while (!terminal_child_has_ended(child->pid, &wait_status))
		if (sigwaitinfo(&held, &info) > 0 && info.si_signo != SIGCHLD)
			terminal_pass_on(child->pid, &info);
	terminal_take_back();
	return child_status(wait_status);
}

int child_abandon(struct child *child)
{
	close(child->gate);
	waitpid(child->pid, NULL, 0);
	return EXIT_SETUP;
}
