/* Is there its process; is its group frozen; does it still wait for `start`? */
#include "10-full-container/life/status.h"

#include <time.h>

#include "habits/error.h"
#include "habits/look.h"
#include "10-full-container/group/group.h"
#include "10-full-container/talk/state_process.h"

static const char *const status_names[] = { "creating", "created", "running",
					    "paused", "stopped" };

/*
 * In this order: a number in the file says nothing unless its process lives,
 * and a frozen container is paused, whether it waits or runs.  The socket's
 * name is there until `start` has connected.
 */
int status_of(const struct state *state, enum status *status)
{
	bool is_frozen = false;
	int is_waiting;
	pid_t pid;

	*status = STATUS_CREATING;
	if (!json_object_get(state->json, "pid"))
		return 0;
	*status = STATUS_STOPPED;
	if (state_pid(state, &pid) < 0)
		return -1;
	if (pid == 0)
		return 0;
	if (group_is_frozen(state, &is_frozen) < 0)
		return -1;
	is_waiting = look_for(state->dir, "start");
	if (is_waiting < 0)
		return error_call(NULL, "look for the socket of container %s",
				  state->id);
	*status = is_frozen    ? STATUS_PAUSED
		  : is_waiting ? STATUS_CREATED
			       : STATUS_RUNNING;
	return 0;
}

/*
 * A number that is free again can be any process's, a pidfd never becomes
 * another's.  So it is opened first and looked at then: it was still the
 * container's.  Looked at first, and opened then, it could be the wrong one.
 */
int status_open_process(const struct state *state, int *pidfd,
			enum status *status)
{
	int answer = 0;
	pid_t pid;

	*pidfd = -1;
	if (state_pid(state, &pid) < 0)
		return -1;
	if (pid > 0)
		answer = look_process(pid, pidfd);
	if (answer < 0)
		return error_call(NULL, "open process %d of container %s", pid,
				  state->id);
	if (status_of(state, status) < 0)
		return -1;
	if (answer == 0 && *status != STATUS_CREATING)
		*status = STATUS_STOPPED; /* it ended just now */
	return 0;
}

const char *status_name(enum status status)
{
	return status_names[status];
}

/* Noted as a number; engines parse the form of RFC 3339, always in UTC. */
const char *status_created(const struct state *state, char text[STATE_TIME])
{
	time_t when = state_number(state, "created");
	struct tm utc;

	text[0] = '\0';
	if (when > 0 && gmtime_r(&when, &utc))
		strftime(text, STATE_TIME, "%Y-%m-%dT%H:%M:%SZ", &utc);
	return text;
}

/*
 * In the words of the specification (runtime.md, "State").  The order of the
 * members is theirs, for people.
 */
char *status_describe(const struct state *state, enum status status)
{
	json_t *annotations = json_object_get(state->json, "annotations");
	json_t *description = json_pack(
		"{s:s, s:s, s:s, s:I, s:s*}", "ociVersion", OCI_VERSION, "id",
		state->id, "status", status_name(status), "pid",
		status == STATUS_STOPPED ? (json_int_t)0
					 : state_number(state, "pid"),
		"bundle", state_text(state, "bundle"));
	char created[STATE_TIME], *text;

	if (*status_created(state, created))
		json_object_set_new(description, "created",
				    json_string(created));
	if (annotations)
		json_object_set(description, "annotations", annotations);
	text = json_dumps(description, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
	json_decref(description);
	if (!text)
		error_input(NULL, "describe the state of container %s",
			    state->id);
	return text;
}
