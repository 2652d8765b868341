/*
 * The container's first process, as the state has it.
 *
 * A process id alone would not do, since the kernel uses it again.  Together
 * with the moment the process was started it names one process for ever.
 */
#pragma once

#include "10-full-container/talk/state.h"

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
