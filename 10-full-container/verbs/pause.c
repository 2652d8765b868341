/*
 * pause: the freezer of the container's group.
 *
 * A frozen process takes no cpu time, but keeps its memory, its files and its
 * connections; it does not notice.  podman commit pauses a container so that
 * its files do not change meanwhile.
 */
#include "habits/error.h"
#include "10-full-container/group/group.h"
#include "10-full-container/life/container.h"

/* With the lock: a start, a delete or another pause waits for its end. */
int command_pause(const struct request *request, const struct state *state)
{
	enum status status;

	(void)request;
	if (status_of(state, &status) < 0)
		return -1;
	if (status != STATUS_CREATED && status != STATUS_RUNNING)
		return error_input("only what runs can be paused",
				   "pause: container not running: %s is %s",
				   state->id, status_name(status));
	return group_freeze(state, true);
}
