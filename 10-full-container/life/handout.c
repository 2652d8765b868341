/* Both sides of it. */
#include "10-full-container/life/handout.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "09-seccomp/beyond/procfs.h"
#include "10-full-container/talk/sync.h"

/*
 * By the host's /proc: the one that is mounted by now is of the image.  All of
 * them now, and not when they are asked for: the host's /proc must not stay
 * open so long.
 */
int handout_open(struct handout *handout, int flags)
{
	CLEANUP_CLOSE int own = -1;

	for (int i = 0; i < NAMESPACE_KINDS; i++)
		handout->files[i] = -1;
	if (handout->is_wanted)
		own = procfs_open("self/ns", O_PATH | O_DIRECTORY);
	for (int i = 0; handout->is_wanted && i < NAMESPACE_KINDS; i++) {
		if (!((uint64_t)flags & namespace_kinds[i].flag))
			continue;
		handout->files[i] = openat(own, namespace_kinds[i].file,
					   O_RDONLY | O_CLOEXEC);
		if (handout->files[i] < 0)
			return error_call(NULL, "open the own %s namespace",
					  namespace_kinds[i].name);
	}
	return 0;
}

/*
 * One message for each kind, in the order of the table: who has asked knows
 * the same flags, and so which is which.
 */
static void handout_give(const struct handout *handout, int peer)
{
	const char word[] = { SYNC_NAMESPACES, '\0' };

	for (int i = 0; i < NAMESPACE_KINDS; i++)
		if (handout->files[i] >= 0 &&
		    sync_send_fd(peer, word, handout->files[i]) < 0)
			return;
}

/* All of them or none: half a container is not to be entered. */
void handout_ask(struct handout *handout, const struct state *state, int flags)
{
	CLEANUP_CLOSE int peer = sync_knock(state->dir);

	handout->is_there = false;
	if (peer < 0 || sync_send(peer, SYNC_NAMESPACES) < 0)
		return;
	for (int i = 0; i < NAMESPACE_KINDS; i++) {
		int *file = &handout->files[i];

		*file = -1;
		if ((uint64_t)flags & namespace_kinds[i].flag &&
		    (sync_wait(peer, SYNC_NAMESPACES, file) < 0 || *file < 0))
			return;
	}
	handout->is_there = true;
}

/* The table begins with the user namespace, which gives the right to enter
   the others. */
int handout_enter(const struct handout *handout, int flags)
{
	for (int i = 0; i < NAMESPACE_KINDS; i++)
		if ((uint64_t)flags & namespace_kinds[i].flag &&
		    handout->files[i] >= 0 && setns(handout->files[i], 0) < 0)
			return error_call(NULL, "enter a namespace that was "
						"handed out");
	return 0;
}

int handout_file(const struct handout *handout, int flag)
{
	for (int i = 0; i < NAMESPACE_KINDS; i++)
		if (namespace_kinds[i].flag == (uint64_t)flag)
			return handout->files[i];
	return -1;
}

static _Noreturn void handout_end(int number)
{
	_exit(128 + number);
}

/*
 * The first process of a PID namespace gets no signal that it has no handler
 * for; and one that waits for `start` is to end when it is told to.  A caller
 * may have had one ignored, and so may the program.
 */
static void handout_hear_signals(bool hears)
{
	static const int numbers[] = { SIGTERM, SIGINT, SIGQUIT, SIGHUP };
	static void (*before[4])(int);
	sigset_t set;

	sigemptyset(&set);
	for (int i = 0; i < 4; i++) {
		sigaddset(&set, numbers[i]);
		if (hears)
			before[i] = signal(numbers[i], handout_end);
		else
			signal(numbers[i], before[i]);
	}
	sigprocmask(hears ? SIG_UNBLOCK : SIG_BLOCK, &set, NULL);
}

/* What cannot be heard is said to who knocked, who would wait in vain. */
static void handout_hear(int peer, char *word)
{
	ssize_t length;

	do
		length = recv(peer, word, 1, 0);
	while (length < 0 && errno == EINTR);
	if (length >= 0)
		return;
	sync_messages_to(peer);
	error_call(NULL, "hear who knocks at the container");
}

/*
 * Who knocks says what for: it is `start`, or an `exec` that comes before it.
 * One that was killed before it said so changes nothing: a length of 0 leaves
 * the word as it is.  Nobody else can knock, for the socket is its owner's
 * alone.  Between `create` and `start`, be it for days, all that goes on is
 * one accept4(2) that has not returned.
 */
int handout_await(const struct handout *handout, int start)
{
	int peer;

	handout_hear_signals(true);
	while ((peer = accept4(start, NULL, NULL, SOCK_CLOEXEC)) >= 0 ||
	       errno == EINTR) {
		char word = 0;

		if (peer < 0)
			continue;
		handout_hear(peer, &word);
		if (word == SYNC_START)
			break;
		if (word == SYNC_NAMESPACES)
			handout_give(handout, peer);
		close(peer);
	}
	handout_hear_signals(false);
	return peer;
}
