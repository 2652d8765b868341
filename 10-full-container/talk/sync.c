/*
 * Messages of one byte, of a text, or of a descriptor.
 *
 * SOCK_SEQPACKET keeps the borders between messages, so no length has to be
 * sent.  The end of the other side is a message of length 0: nobody waits for
 * the dead (unix(7), recv(2)).  That holds only if each side has closed the
 * other's end, which a fork leaves open on both.
 *
 * Nobody reads without waiting for something: a word that does not come in its
 * turn is not an answer, and is dropped; a message is printed on the way.
 */
#include "10-full-container/talk/sync.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "habits/error.h"
#include "06-overlay/beyond/pass.h"
#include "10-full-container/talk/engine.h"
#include "10-full-container/talk/patience.h"
#include "10-full-container/talk/relay.h"

static int sync_messages_fd = -1;

int sync_pair(int ends[2])
{
	/* The runtime's end: see sync_be_patient(). */
	const struct timeval usual = { .tv_usec = PATIENCE_MS * 1000 };

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return error_call(NULL, "create a socket pair");
	if (setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &usual,
		       sizeof(usual)) < 0)
		return error_call(NULL, "set a time for a socket");
	return 0;
}

/* MSG_NOSIGNAL: the other side may be dead, and SIGPIPE would be our end. */
static int sync_send_all(int fd, const void *data, size_t size)
{
	ssize_t length;

	do
		length = send(fd, data, size, MSG_NOSIGNAL);
	while (length < 0 && errno == EINTR);
	return length < 0 ? -1 : 0;
}

int sync_send(int fd, enum sync_word word)
{
	char byte = (char)word;

	return sync_send_all(fd, &byte, 1);
}

int sync_send_number(int fd, int number)
{
	return sync_send_all(fd, &number, sizeof(number));
}

int sync_hear_number(int fd, int *number, int flags)
{
	ssize_t length;

	do
		length = recv(fd, number, sizeof(*number), flags);
	while (length < 0 && errno == EINTR);
	/* ECONNRESET: the other side has ended, and says why. */
	if (length < 0 && errno != EAGAIN && errno != ECONNRESET)
		return error_call(NULL, "hear which process was made");
	return length == sizeof(*number);
}

int sync_send_fd(int fd, const char *text, int passed)
{
	return pass_send(fd, text, strlen(text), &passed, 1);
}

/* Longer than usual: from now on a signal ends the wait. */
static int sync_be_patient(int fd)
{
	struct pollfd message = { .fd = fd, .events = POLLIN };
	int result = patience_poll(&message, 1, -1, "the container's process");

	errno = EAGAIN;
	return result < 0 ? -1 : 0;
}

/*
 * Receive one message.  Its length, 0 at the end; *passed: -1 or an fd.  The
 * program must not get it, and a descriptor for which nobody asked is closed
 * by who called.
 */
static ssize_t sync_receive(int fd, char *text, size_t size, int *passed)
{
	ssize_t length;

	do
		length = pass_receive(fd, text, size - 1, passed, 1, 0);
	/* ECONNRESET comes once, and before what is still to be read: the
	   other side ended before it had read all of ours. */
	while (length < 0 && (errno == ECONNRESET ||
			      (errno == EAGAIN && sync_be_patient(fd) == 0)));
	if (length < 0 && errno == EAGAIN)
		return -1; /* it has been said: a signal */
	text[length > 0 ? length : 0] = '\0';
	if (length < 0)
		error_call(NULL, errno == EMFILE
					 ? "take a descriptor from the "
					   "container's process"
					 : "hear from the container's process");
	return length;
}

/* Print a message from the other side.  Returns whether it was an error. */
static bool sync_print(const char *text)
{
	if (text[0] != SYNC_MESSAGE)
		return false;
	error_sink(text + 1);
	if (log_is_harmless(text + 1))
		return false;
	error_count++;
	return true;
}

int sync_wait(int fd, enum sync_word word, int *passed)
{
	char text[ERROR_MAX + 1];
	int came = -1;

	while (sync_receive(fd, text, sizeof(text), &came) > 0) {
		if (text[0] == (char)word) {
			if (passed)
				*passed = came;
			return 0;
		}
		sync_print(text);
		if (came >= 0)
			close(came);
	}
	return -1;
}

/*
 * Both ends are close-on-exec: so this is how an exec that succeeds is heard.
 */
int sync_wait_end(int fd, struct sync_end *end)
{
	char text[ERROR_MAX + 1];
	bool failed = false;
	ssize_t length;
	int came = -1;

	for (;;) {
		if (end->terminal > 0 && relay_until(fd, end->terminal) < 0)
			return -1;
		length = sync_receive(fd, text, sizeof(text), &came);
		if (length <= 0)
			break;
		failed |= sync_print(text);
		end->by_hook |= text[0] == SYNC_HOOK;
		end->is_last |= text[0] == SYNC_EXEC;
		if (came >= 0)
			close(came);
	}
	return failed || length < 0 ? -1 : 0;
}

/* What it has said before it died is still there, and is the reason. */
int sync_say(int fd, enum sync_word word)
{
	struct sync_end end = { 0 };

	if (sync_send(fd, word) == 0)
		return 0;
	if (errno != EPIPE && errno != ECONNRESET)
		return error_call(NULL,
				  "speak to the container's other process");
	sync_wait_end(fd, &end);
	return -1;
}

/*
 * In the child: its standard error may be the container's by now, or a
 * terminal.
 */
static void sync_sink(const char *message)
{
	char text[ERROR_MAX + 1];
	int length =
		snprintf(text, sizeof(text), "%c%s", SYNC_MESSAGE, message);

	if (send(sync_messages_fd, text, (size_t)length, MSG_NOSIGNAL) < 0)
		error_to_stderr(message);
}

void sync_messages_to(int fd)
{
	sync_messages_fd = fd;
	error_sink = sync_sink;
}

/* See create_listen(): the same detour over /proc. */
int sync_knock(int directory)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path),
		 "/proc/self/fd/%d/start", directory);
	if (fd >= 0 &&
	    connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

/*
 * Before the container is made, or in the child before it leaves the root of
 * the host: the path is the host's.
 */
int sync_connect(const char *whose, const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(address.sun_path))
		return error_input("a path of up to 107 bytes",
				   "%s: the path is too long", whose);
	memcpy(address.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 &&
	    connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	error_call(NULL, "connect to the socket %s (%s)", path, whose);
	if (fd >= 0)
		close(fd);
	return -1;
}
