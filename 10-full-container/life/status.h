/*
 * How a container is: asked of the kernel, each time.
 *
 * A process id alone would not do, since the kernel uses it again.  Together
 * with the moment the process was started it names one process for ever.
 */
#pragma once

#include "10-full-container/talk/state.h"

/* The newest version of the specification that is done here, and the oldest. */
#define OCI_VERSION     "1.3.0"
#define OCI_VERSION_MIN "1.0.0"

enum status {
	STATUS_CREATING,
	STATUS_CREATED,
	STATUS_RUNNING,
	STATUS_PAUSED, /* runs, or would: its group is frozen */
	STATUS_STOPPED,
};

/* The container's first process, or 0 once it has ended. */
int state_pid(const struct state *state, pid_t *pid);
int state_set_pid(struct state *state, pid_t pid);

/*
 * The same, and beside state.json, in case that is damaged: the link `process`,
 * "PID START", which is made once and never changed.
 */
struct state_process {
	pid_t pid;
	long long start; /* see "startTime" */
};
int state_keep_process(struct state *state, pid_t pid);
int state_kept_process(int dir, struct state_process *kept); /* look.h */

int state_status(const struct state *state, enum status *status);
/*
 * And its process, opened (pidfd_open(2)): of one that is creating or stopped
 * *pidfd is -1 or of no use.
 */
int state_open_process(const struct state *state, int *pidfd,
		       enum status *status);
const char *state_status_name(enum status status);

#define STATE_TIME 32 /* room for a time, with its end */

/* When `create` was called, as RFC 3339 has it; "" if that is not known. */
const char *state_created(const struct state *state, char text[STATE_TIME]);

/*
 * What the specification calls the state, as JSON text to free(): for the
 * `state` command and for the hooks.
 */
char *state_describe(const struct state *state, enum status status);
