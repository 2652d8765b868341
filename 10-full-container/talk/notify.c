/* From the socket inside to the one outside: one word, in our own spelling. */
#include "10-full-container/talk/notify.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "10-full-container/guard/harden.h"
#include "10-full-container/talk/patience.h"
#include "10-full-container/talk/sync.h"

#define NOTIFY_BLOCK    4096
#define NOTIFY_QUEUE    1024 /* more messages than a socket keeps */
#define NOTIFY_PATIENCE 5    /* seconds for who is told */

/* A path, or behind an @ a name without one (unix(7), "abstract"). */
bool notify_is_wanted(void)
{
	const char *name = getenv("NOTIFY_SOCKET");

	return name && (name[0] == '/' || name[0] == '@') && name[1];
}

/* -1 after a message. */
static int notify_connect(const char *name)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t length = strlen(name);
	struct timeval patience = { .tv_sec = NOTIFY_PATIENCE };
	int fd = -1;

	errno = ENAMETOOLONG;
	if (length < sizeof(address.sun_path))
		fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd >= 0) {
		memcpy(address.sun_path, name, length);
		if (name[0] == '@')
			address.sun_path[0] = '\0';
		length += offsetof(struct sockaddr_un, sun_path);
		setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience,
			   sizeof(patience));
		if (connect(fd, (struct sockaddr *)&address,
			    (socklen_t)length) == 0)
			return fd;
	}
	error_call(NULL, "reach NOTIFY_SOCKET %s", name);
	if (fd >= 0)
		close(fd);
	return -1;
}

/*
 * systemd asks who has sent it, and does not know a process that is gone.  So
 * we stay until it has taken the end of a pipe, which it closes at once:
 * sd_notify_barrier(3).
 */
static void notify_stay(int fd)
{
	struct pollfd closed = { .events = 0 };
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return;
	closed.fd = ends[0];
	if (sync_send_fd(fd, "BARRIER=1", ends[1]) == 0) {
		close(ends[1]);
		ends[1] = -1;
		patience_poll(&closed, 1, NOTIFY_PATIENCE * 1000,
			      "who listens at NOTIFY_SOCKET");
	}
	if (ends[1] >= 0)
		close(ends[1]);
	close(ends[0]);
}

static int notify_tell(pid_t pid)
{
	const char *set = getenv("NOTIFY_SOCKET"), *name = set ? set : "";
	CLEANUP_CLOSE int fd = notify_connect(name);
	char text[64];
	int length = snprintf(text, sizeof(text), "READY=1\nMAINPID=%d", pid);

	if (fd < 0)
		return -1;
	if (send(fd, text, (size_t)length, MSG_NOSIGNAL) < 0)
		return error_call(NULL,
				  "tell NOTIFY_SOCKET %s that it is "
				  "ready",
				  name);
	notify_stay(fd);
	return 0;
}

/* One message.  A descriptor that came with it is dropped by the kernel. */
static bool notify_is_ready(char *message)
{
	char *line;

	while ((line = strsep(&message, "\n")) != NULL)
		if (strcmp(line, "READY=1") == 0)
			return true;
	return false;
}

/* All that has come.  Who goes on writing for ever is not heard for ever. */
static bool notify_came(int socket)
{
	char message[NOTIFY_BLOCK + 1];
	ssize_t length;

	for (int i = 0; i < NOTIFY_QUEUE; i++) {
		length = recv(socket, message, NOTIFY_BLOCK, MSG_DONTWAIT);
		if (length < 0)
			return false;
		message[length] = '\0';
		if (notify_is_ready(message))
			return true;
	}
	return false;
}

int notify_pass_on(int socket, pid_t pid, int pidfd)
{
	struct pollfd files[2] = { { socket, POLLIN, 0 },
				   { pidfd, POLLIN, 0 } };

	while (files[1].revents == 0) {
		if (patience_poll(files, 2, -1, "READY=1 of the program") < 0)
			return -1;
		if (notify_came(socket))
			return notify_tell(pid);
	}
	return 0;
}

/*
 * It must hold nothing of what `run` has open, and not outlive it.  A Ctrl-C
 * is for the program, which may be ready in spite of it.
 */
pid_t notify_begin(int socket, pid_t pid)
{
	pid_t parent = getpid(), teller;
	int kept[2] = { socket, -1 };

	if (socket <= 0)
		return 0;
	kept[1] = (int)syscall(SYS_pidfd_open, pid, 0);
	teller = kept[1] < 0 ? -1 : fork();
	if (teller == 0) {
		if (setsid() < 0 || prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 ||
		    getppid() != parent ||
		    harden_close_others(STDERR_FILENO + 1, kept, 2) < 0)
			_exit(EXIT_SETUP);
		_exit(notify_pass_on(kept[0], pid, kept[1]) < 0 ? EXIT_SETUP
								: 0);
	}
	if (teller < 0)
		error_call(NULL, "wait for READY=1");
	if (kept[1] >= 0)
		close(kept[1]);
	close(socket);
	return teller > 0 ? teller : 0;
}

/* The container has ended, so it does, too. */
void notify_end(pid_t teller)
{
	while (teller > 0 && waitpid(teller, NULL, 0) < 0 && errno == EINTR)
		continue;
}
