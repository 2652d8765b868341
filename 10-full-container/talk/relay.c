/*
 * Ours is set to raw: no key means anything to it any more.  See termios(3),
 * pty(7).
 */
#include "10-full-container/talk/relay.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/count.h"
#include "habits/error.h"
#include "10-full-container/talk/patience.h"

#define RELAY_BLOCK 4096
#define RELAY_LAST  64 /* blocks: more than a terminal holds */

struct relay {
	struct child *child;
	int master, signals;
	bool has_input, has_ended;
	int wait_status;
};

/*
 * Returns false at the end of `from`, which a terminal's master has as EIO.
 * Who has closed `to` wants no more of it; any other failure is said.
 */
static bool relay_copy(int from, int to)
{
	char block[RELAY_BLOCK];
	ssize_t length = read(from, block, sizeof(block)), done = 0, wrote;

	if (length < 0)
		return errno == EINTR || errno == EAGAIN;
	while (done < length) {
		wrote = write(to, block + done, (size_t)(length - done));
		if (wrote < 0 && errno != EINTR && errno != EPIPE)
			error_call(NULL, "copy between the terminals");
		if (wrote < 0 && errno != EINTR)
			return false;
		done += wrote > 0 ? wrote : 0;
	}
	return length > 0;
}

/* Our terminal's size is the container's. */
static void relay_resize(int master)
{
	struct winsize size;

	if (ioctl(STDIN_FILENO, TIOCGWINSZ, &size) == 0)
		ioctl(master, TIOCSWINSZ, &size);
}

static void relay_wait(struct relay *r)
{
	pid_t ended;

	do
		ended = waitpid(r->child->pid, &r->wait_status, WNOHANG);
	while (ended < 0 && errno == EINTR);
	r->has_ended = ended != 0;
	if (ended < 0) {
		error_call(NULL, "wait for the program");
		r->wait_status = W_EXITCODE(EXIT_SETUP, 0);
	}
}

/*
 * What was printed comes before the word that tells how it ended.  But what
 * somebody in the background prints without end does not hold that word up.
 */
int relay_until(int channel, int master)
{
	struct pollfd files[] = { { channel, POLLIN, 0 },
				  { master, POLLIN, 0 } };
	int blocks = RELAY_LAST;

	do {
		if (patience_poll(files, 2, -1, "the container's process") < 0)
			return -1;
		if (files[1].revents && !relay_copy(master, STDOUT_FILENO))
			files[1].fd = -1;
		if (files[0].revents)
			blocks--;
	} while (!files[0].revents || (files[1].revents && blocks > 0));
	return 0;
}

/* Signals as bytes to read (signalfd(2)), so that one poll(2) waits for all. */
static void relay_signal(struct relay *r)
{
	struct signalfd_siginfo info;

	if (read(r->signals, &info, sizeof(info)) != sizeof(info))
		return;
	if (info.ssi_signo == SIGWINCH)
		relay_resize(r->master);
	else if (info.ssi_signo != SIGCHLD)
		kill(r->child->pid, (int)info.ssi_signo);
	else
		relay_wait(r);
}

/* The end of our input is Ctrl-D for the program, not the end of all. */
static void relay_input(struct relay *r)
{
	static const char end_of_file = 4;

	if (relay_copy(STDIN_FILENO, r->master))
		return;
	r->has_input = false;
	if (write(r->master, &end_of_file, 1) < 0)
		return; /* the program has ended */
}

/* What we cannot look after must not go on. */
static void relay_give_up(struct relay *r, const char *what)
{
	error_call(NULL, "%s", what);
	kill(r->child->pid, SIGKILL);
	while (waitpid(r->child->pid, &r->wait_status, 0) < 0 && errno == EINTR)
		continue;
	r->wait_status = W_EXITCODE(EXIT_SETUP, 0);
}

/*
 * It ends when the program has ended and its output has been copied.
 * Something in the background may keep the terminal open: nobody waits for
 * that.
 */
static void relay_loop(struct relay *r)
{
	bool has_output = true;
	int ready;

	while (!r->has_ended || has_output) {
		struct pollfd files[] = {
			{ .fd = r->signals, .events = POLLIN },
			{ .fd = has_output ? r->master : -1, .events = POLLIN },
			{ .fd = r->has_input ? STDIN_FILENO : -1,
			  .events = POLLIN },
		};

		/* What was written before the end is there by now. */
		ready = poll(files, 3, r->has_ended ? 0 : -1);
		if (ready < 0 && errno == EINTR)
			continue;
		if (ready < 0)
			relay_give_up(r, "wait for the terminals");
		if (ready <= 0)
			break;
		if (files[0].revents)
			relay_signal(r);
		if (files[1].revents)
			has_output = relay_copy(r->master, STDOUT_FILENO);
		if (files[2].revents)
			relay_input(r);
	}
}

/*
 * Blocked first: a signal that comes before signalfd(2) then waits, and is
 * read as the others are.
 */
static int relay_open_signals(void)
{
	static const int numbers[] = { SIGCHLD, SIGWINCH, SIGTERM, SIGINT,
				       SIGHUP,  SIGQUIT,  SIGUSR1, SIGUSR2 };
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < COUNT(numbers); i++)
		sigaddset(&set, numbers[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

/*
 * Our terminal gets its settings back, however the program ends; only kill -9
 * for us leaves it raw (reset(1) helps).
 */
int relay_run(struct child *child, int master)
{
	CLEANUP_CLOSE int signals = relay_open_signals();
	struct relay r = { .child = child,
			   .master = master,
			   .signals = signals,
			   .has_input = true };
	struct termios before, raw;
	bool is_terminal;

	if (signals < 0) {
		relay_give_up(&r, "wait for signals");
		return child_status(r.wait_status);
	}
	is_terminal = tcgetattr(STDIN_FILENO, &before) == 0;
	if (is_terminal) {
		raw = before;
		cfmakeraw(&raw);
		/* Who reads our output may show it here: `run box | more` */
		if (!isatty(STDOUT_FILENO))
			raw.c_oflag = before.c_oflag;
		tcsetattr(STDIN_FILENO, TCSANOW, &raw);
		relay_resize(master);
	}
	relay_loop(&r);
	if (is_terminal)
		tcsetattr(STDIN_FILENO, TCSANOW, &before);
	return child_status(r.wait_status);
}
