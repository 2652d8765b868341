/*
 * The caller's terminal, and what else is between a command and its caller.
 */
#include "01-uts/beyond/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "habits/error.h"
#include "habits/surroundings.h"

static void (*pipe_before)(int); /* what the command does at SIGPIPE */

/*
 * A caller can leave 0, 1 or 2 closed.  What is opened next would get that
 * number: the gate as standard error, say, which a message then opens.
 */
void terminal_fill_standard(void)
{
	int fd;

	surroundings_remember();
	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

void terminal_prepare(void)
{
	terminal_fill_standard();
	signal(SIGTTOU, SIG_IGN); /* for terminal_take_back() */
	/* Who reads what we print may go away, and we still have to clean up. */
	pipe_before = signal(SIGPIPE, SIG_IGN);
}

void terminal_restore(void)
{
	signal(SIGTTOU, SIG_DFL);
	if (pipe_before != SIG_ERR)
		signal(SIGPIPE, pipe_before);
}

/*
 * A shell with job control makes itself the terminal's foreground group and,
 * when it is killed, does not give the terminal back.  A group that still has
 * processes keeps it: after "&" that is the caller's own shell.
 */
void terminal_take_back(void)
{
	pid_t foreground = tcgetpgrp(STDIN_FILENO);

	if (foreground > 0 && kill(-foreground, 0) < 0 && errno == ESRCH)
		tcsetpgrp(STDIN_FILENO, getpgrp());
}

/*
 * All but what the kernel itself sent: Ctrl-C reaches every process of the
 * terminal's foreground group, so the child has had it already.  Only the
 * hang-up of a terminal goes to the session's leader alone.
 */
void terminal_pass_on(pid_t child, const siginfo_t *info)
{
	if (info->si_code != SI_KERNEL ||
	    (info->si_signo == SIGHUP && getsid(0) == getpid()))
		kill(child, info->si_signo);
}

/*
 * Stopped is by Ctrl-Z.  One with a session of its own is no job of our
 * terminal: it stops alone.
 */
bool terminal_child_has_ended(pid_t child, int *wait_status)
{
	pid_t ended;

	do
		ended = waitpid(child, wait_status, WNOHANG | WUNTRACED);
	while (ended < 0 && errno == EINTR);
	if (ended < 0) {
		error_call(NULL, "wait for the command");
		kill(child, SIGKILL); /* what it uses is removed next */
		*wait_status = W_EXITCODE(EXIT_SETUP, 0);
		return true;
	}
	if (ended == 0)
		return false;
	if (!WIFSTOPPED(*wait_status))
		return true;
	if (getsid(child) != getsid(0))
		return false;
	kill(getpid(), SIGSTOP);
	kill(child, SIGCONT);
	return false;
}
