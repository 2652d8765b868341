/*
 * What became of a container's process: /proc knows.
 *
 * Nobody tells a runtime that has ended that a container has ended.  So the
 * state is not stored but found out: is there a process with this id, started
 * at that moment; is its group frozen; does it still wait for `start`?
 */
#include "10-full-container/status.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "01-uts/cleanup.h"
#include "01-uts/error.h"
#include "10-full-container/group.h"

static const char *const status_names[] = { "creating", "created", "running",
					    "paused", "stopped" };

/*
 * When a process was started, in clock ticks since boot: with it a process
 * id names one process for ever.  0: there is no such process, or it has
 * ended and nobody has waited for it yet.  See proc(5), /proc/PID/stat.
 */
static unsigned long long state_start_time(pid_t pid)
{
	CLEANUP_CLOSE int fd = -1;
	unsigned long long start_time = 0;
	char path[64], text[1024], status = 'X', *rest;
	ssize_t length;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	length = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (length <= 0)
		return 0;
	text[length] = '\0';
	rest = strrchr(text, ')'); /* the name may contain anything */
	if (!rest || sscanf(rest,
			    ") %c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s "
			    "%*s %*s %*s %*s %*s %*s %*s %llu",
			    &status, &start_time) != 2)
		return 0;
	return status == 'Z' || status == 'X' ? 0 : start_time;
}

/* A number that was used again has another start time. */
pid_t state_pid(const struct state *state)
{
	json_int_t pid =
		json_integer_value(json_object_get(state->json, "pid"));
	json_int_t start_time =
		json_integer_value(json_object_get(state->json, "startTime"));

	if (pid > 0 && start_time > 0 &&
	    state_start_time((pid_t)pid) == (unsigned long long)start_time)
		return (pid_t)pid;
	return 0;
}

/* In memory; state_save() writes it.  The start time goes with it. */
int state_set_pid(struct state *state, pid_t pid)
{
	json_int_t start_time = (json_int_t)state_start_time(pid);

	if (json_object_set_new(state->json, "pid", json_integer(pid)) < 0 ||
	    json_object_set_new(state->json, "startTime",
				json_integer(start_time)) < 0)
		return error_call(NULL, "note the process of container %s",
				  state->id);
	return 0;
}

/* The socket's name is there until `start` has connected. */
bool state_is_waiting(const struct state *state)
{
	return faccessat(state->dir, "start", F_OK, 0) == 0;
}

/*
 * In this order: a number in the file says nothing unless its process lives,
 * and a frozen container is paused, whether it waits or runs.
 */
enum status state_status(const struct state *state)
{
	if (!json_object_get(state->json, "pid"))
		return STATUS_CREATING;
	if (state_pid(state) == 0)
		return STATUS_STOPPED;
	if (group_is_frozen(state))
		return STATUS_PAUSED;
	return state_is_waiting(state) ? STATUS_CREATED : STATUS_RUNNING;
}

const char *state_status_name(enum status status)
{
	return status_names[status];
}

/* Noted as a number; engines parse the form of RFC 3339, always in UTC. */
const char *state_created(const struct state *state, char text[STATE_TIME])
{
	time_t when =
		json_integer_value(json_object_get(state->json, "created"));
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
char *state_describe(const struct state *state, enum status status)
{
	json_t *annotations = json_object_get(state->json, "annotations");
	json_t *description = json_pack(
		"{s:s, s:s, s:s, s:I, s:s*}", "ociVersion", OCI_VERSION, "id",
		state->id, "status", state_status_name(status), "pid",
		status == STATUS_STOPPED ? (json_int_t)0
					 : json_integer_value(json_object_get(
						   state->json, "pid")),
		"bundle",
		json_string_value(json_object_get(state->json, "bundle")));
	char created[STATE_TIME], *text;

	if (*state_created(state, created))
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
