/*
 * How a container is: asked of the kernel, each time, since nobody tells a
 * runtime that has ended that a container has ended.
 */
#pragma once

#include "10-full-container/talk/state.h"

enum status {
	STATUS_CREATING,
	STATUS_CREATED,
	STATUS_RUNNING,
	STATUS_PAUSED, /* runs, or would: its group is frozen */
	STATUS_STOPPED,
};

int status_of(const struct state *state, enum status *status);
/*
 * And its process, opened (pidfd_open(2)): of one that is creating or stopped
 * *pidfd is -1 or of no use.
 */
int status_open_process(const struct state *state, int *pidfd,
			enum status *status);
const char *status_name(enum status status);

#define STATE_TIME 32 /* room for a time, with its end */

/* When `create` was called, as RFC 3339 has it; "" if that is not known. */
const char *status_created(const struct state *state, char text[STATE_TIME]);

/*
 * What the specification calls the state, as JSON text to free(): for the
 * `state` command and for the hooks.
 */
char *status_describe(const struct state *state, enum status status);
