/* What happens to those that are traced, one stop after the other. */
#pragma once

#include "tools/explain/task.h"
#include "tools/explain/trace.h"

struct trace {
	const struct order *order;
	struct story *story;
	pid_t command; /* 0: it has ended, or was not started by us */
	bool is_left_told;
	bool is_stepped; /* stopped at each call, for there is no filter */
};

/* A stop as waitpid(2) says it.  Then it goes on. */
void events_stop(struct trace *trace, struct task *task, int status);

/* The end of a thread, and of its process if it was the last. */
void events_end(struct trace *trace, struct task *task, int status);

/*
 * Threads whose first stop was seen, and of which nobody told: their parent was
 * killed at that very moment.  They go on.
 */
void events_adopt(struct trace *trace);
