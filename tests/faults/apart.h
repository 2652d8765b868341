/*
 * A process of its own: what ends it does not end the others.  What it says on
 * standard error is shown when it has ended, and is part of the report.
 */
#pragma once

#include <sys/types.h>

struct apart {
	pid_t pid;
	int said;
};

/* 0 in the new process. */
pid_t apart_start(struct apart *apart);

/*
 * Wait for it.  -1: it did not end with 0, and the report has a line: who it
 * was, how it ended and what it said.
 */
int apart_end(struct apart *apart, int report, const char *who);
