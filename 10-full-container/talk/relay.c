/*
 * Ours is set to raw: no key means anything to it any more.  See termios(3),
 * pty(7).
 */
#include "10-full-container/talk/relay.h"

#include <errno.h>
#include <fcntl.h>
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

/*
 * One of two directions.  Nobody is waited for in read(2) or write(2): a
 * program that does not read what is typed must not keep us from hearing of
 * its end, or it could not be buried, nor its PID namespace.
 */
struct relay_way {
	int from, to;
	bool is_open;
	size_t length, done; /* of the block: what was read, and written */
	char block[RELAY_BLOCK];
};

struct relay {
	struct child *child;
	int master, signals;
	struct relay_way input, output;
	bool has_ended;
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

static bool way_is_full(const struct relay_way *way)
{
	return way->done < way->length;
}

/* What it waits for: that it can write, or read. */
static struct pollfd way_next(const struct relay_way *way)
{
	struct pollfd next = { .fd = way->from, .events = POLLIN };

	if (way_is_full(way))
		next = (struct pollfd){ .fd = way->to, .events = POLLOUT };
	if (!way->is_open)
		next.fd = -1;
	return next;
}

/* See relay_copy().  EIO: nobody has the program's terminal open any more. */
static void way_write(struct relay_way *way, int master)
{
	ssize_t wrote =
		write(way->to, way->block + way->done, way->length - way->done);

	if (wrote >= 0)
		way->done += (size_t)wrote;
	if (wrote >= 0 || errno == EINTR || errno == EAGAIN)
		return;
	way->is_open = false;
	if (errno != EPIPE && (errno != EIO || way->to != master))
		error_call(NULL, "copy between the terminals");
}

/* The end of our input is Ctrl-D for the program, not the end of all. */
static void way_read(struct relay_way *way, int master)
{
	ssize_t length = read(way->from, way->block, RELAY_BLOCK);

	if (length < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	way->done = 0;
	way->length = length > 0 ? (size_t)length : 0;
	if (length > 0)
		return;
	way->is_open = false;
	if (way->to == master && write(master, "\4", 1) < 0)
		return; /* the program has ended, or does not listen */
}

static void way_go(struct relay_way *way, int master)
{
	if (way_is_full(way))
		way_write(way, master);
	else
		way_read(way, master);
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
 * Something in the background may keep the terminal open, or write to it
 * without end: nobody waits for that.
 */
static void relay_loop(struct relay *r)
{
	int ready, blocks = RELAY_LAST;

	while (!r->has_ended || (r->output.is_open && blocks > 0)) {
		struct pollfd files[] = {
			{ .fd = r->signals, .events = POLLIN },
			way_next(&r->input),
			way_next(&r->output),
		};
		/* What was written before the end is there by now. */
		bool is_all = r->has_ended && !way_is_full(&r->output);

		ready = poll(files, 3, is_all ? 0 : -1);
		if (ready < 0 && errno == EINTR)
			continue;
		if (ready < 0)
			relay_give_up(r, "wait for the terminals");
		if (ready <= 0)
			break;
		if (files[0].revents)
			relay_signal(r);
		if (files[1].revents)
			way_go(&r->input, r->master);
		if (files[2].revents)
			way_go(&r->output, r->master);
		if (r->has_ended) {
			r->input.is_open = false;
			blocks -= !way_is_full(&r->output);
		}
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
	struct relay r = {
		.child = child,
		.master = master,
		.signals = signals,
		.input = { STDIN_FILENO, master, .is_open = true },
		.output = { master, STDOUT_FILENO, .is_open = true },
	};
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
	/* It is ours alone, as is what is said of it here. */
	if (fcntl(master, F_SETFL, O_NONBLOCK) < 0)
		relay_give_up(&r, "set up the terminal");
	else
		relay_loop(&r);
	if (is_terminal)
		tcsetattr(STDIN_FILENO, TCSANOW, &before);
	return child_status(r.wait_status);
}
