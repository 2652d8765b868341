/*
 * pause and resume: the freezer of the container's group.
 *
 * A frozen process takes no cpu time, but keeps its memory, its files and its
 * connections; it does not notice.  podman commit pauses a container so that
 * its files do not change meanwhile.
 */
#include "habits/error.h"
#include "10-full-container/group/group.h"
#include "10-full-container/life/container.h"

static int pause_freeze(const struct state *state, bool freeze)
{
	struct cgroup cg = { 0 };
	int result = -1, found = group_find(state, &cg);

	if (found == 0)
		error_input(NULL, "%s: the container %s has no group",
			    freeze ? "pause" : "resume", state->id);
	if (found > 0)
		result = cgroup_freeze(&cg, freeze);
	cgroup_close(&cg);
	return result;
}

static int pause_container(const struct state *state)
{
	enum status status;

	if (state_status(state, &status) < 0)
		return -1;
	if (status != STATUS_CREATED && status != STATUS_RUNNING)
		return error_input("only what runs can be paused",
				   "pause: container not running: %s is %s",
				   state->id, state_status_name(status));
	return pause_freeze(state, true);
}

static int resume_container(const struct state *state)
{
	enum status status;

	if (state_status(state, &status) < 0)
		return -1;
	if (status != STATUS_PAUSED)
		return error_input("only what is paused can be resumed",
				   "resume: container not paused: %s is %s",
				   state->id, state_status_name(status));
	return pause_freeze(state, false);
}

/* With the lock: a start, a delete or another pause waits for its end. */
static int pause_locked(const struct request *request,
			int (*act)(const struct state *state))
{
	struct state state;
	int result;

	if (state_open(&state, request->root, request->id, true) < 0)
		return EXIT_OCI;
	result = act(&state);
	state_close(&state);
	return result < 0 ? EXIT_OCI : 0;
}

int command_pause(struct request *request)
{
	return pause_locked(request, pause_container);
}

int command_resume(struct request *request)
{
	return pause_locked(request, resume_container);
}
