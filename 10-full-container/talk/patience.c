/*
 * signalfd(2): a signal that is held back as something to be read.  It takes
 * only what is blocked; in a verb that blocks none, a signal ends the verb.
 */
#include "10-full-container/talk/patience.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"

static int patience_open(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGQUIT);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* Taken out, so that what is done to undo all is not interrupted as well. */
static int patience_give_up(int signals, const char *what)
{
	struct signalfd_siginfo info = { 0 };

	if (read(signals, &info, sizeof(info)) < 0)
		return error_call(NULL, "read the signal that has come");
	return error_input(NULL, "wait for %s: given up, for signal %u (%s)",
			   what, info.ssi_signo,
			   strsignal((int)info.ssi_signo));
}

/* A seccomp filter may have taken signalfd(2) away from who runs hooks. */
int patience_poll(struct pollfd *fds, int count, int timeout_ms,
		  const char *what)
{
	CLEANUP_CLOSE int signals = patience_open();
	struct pollfd all[3] = { { .fd = signals, .events = POLLIN } };
	int ready;

	memcpy(all + 1, fds, (size_t)count * sizeof(*fds));
	do
		ready = poll(all, (nfds_t)count + 1, timeout_ms);
	while (ready < 0 && errno == EINTR);
	memcpy(fds, all + 1, (size_t)count * sizeof(*fds));
	if (ready < 0)
		return error_call(NULL, "wait for %s", what);
	if (all[0].revents & POLLIN)
		return patience_give_up(signals, what);
	return ready;
}
