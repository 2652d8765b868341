/*
 * What a seccomp agent is told, and when.
 *
 *     listener_connect     while the host's paths can be seen
 *     listener_describe    while the number of the process is known
 *     listener_send        when the filter is loaded: see process_become()
 */
#include "10-full-container/process/listener.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "habits/error.h"
#include "10-full-container/talk/state.h"
#include "10-full-container/talk/sync.h"

static const struct hint listener_hints[] = {
	{ EPIPE, "the listener has closed the connection" },
	{ 0, NULL },
};

/* What the specification calls the container process state. */
static char *listener_write(const struct filter *filter, const char *state,
			    pid_t pid)
{
	json_t *described = state ? json_loads(state, 0, NULL) : NULL;
	json_t *message =
		json_pack("{s:s, s:[s], s:i, s:s*, s:o*}", "ociVersion",
			  OCI_VERSION, "fds", "seccompFd", "pid", (int)pid,
			  "metadata", filter->metadata, "state", described);
	char *result = message ? json_dumps(message, JSON_COMPACT) : NULL;

	json_decref(message);
	return result;
}

/*
 * Before the filter, too: to write JSON takes memory, and mmap(2) could be a
 * call that waits for the listener.
 */
int listener_describe(struct filter *filter, const char *state, pid_t pid)
{
	if (!filter->listener)
		return 0;
	filter->message = listener_write(filter, state, pid);
	if (filter->message)
		return 0;
	return error_input(NULL, "describe the container to %s",
			   filter->listener);
}

/*
 * For each process anew: a connection must not be used twice.  tzset(3), since
 * gmtime(3) would read /etc/localtime when it is first called, by then that of
 * the image: a pipe, and we would wait for ever.
 */
int listener_connect(struct filter *filter)
{
	if (!filter->listener)
		return 0;
	tzset();
	filter->socket = sync_connect("listenerPath", filter->listener);
	return filter->socket < 0 ? -1 : 0;
}

/*
 * Its own copy is closed: only the listener answers, and when it ends, the
 * calls that wait get ENOSYS.
 */
int listener_send(const struct filter *filter, int descriptor)
{
	int result;

	if (!filter->listener)
		return 0;
	result = sync_send_fd(filter->socket, filter->message, descriptor);
	if (result < 0)
		error_call(listener_hints, "send the seccomp descriptor to %s",
			   filter->listener);
	close(filter->socket);
	close(descriptor);
	return result;
}

void listener_free(struct filter *filter)
{
	free(filter->message);
	filter->message = NULL;
}
