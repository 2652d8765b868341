/*
 * Run a program, or go along with one that runs, and make its story.
 */
#pragma once

#include <stdio.h>

#include "tools/explain/story.h"

struct order {
	char **words; /* the command; NULL: attach */
	pid_t attach; /* ... to this process */
	FILE *calls;  /* each call as it is made; NULL: nowhere */
};

/*
 * Until all that it has started has ended, too.  story->status becomes the
 * command's.  -1 after a message: it could not be run.
 */
int trace_run(const struct order *order, struct story *story);
