/* What to do when a traced process stops: see ptrace(2). */
#pragma once

#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>

#include "tests/faults/tracer.h"

struct stops {
	const struct order *order;
	struct outcome *outcome;
	pid_t first;         /* the process that becomes the program */
	bool is_counting;    /* it has */
	struct begin begin;  /* where its main() is */
	struct stat program; /* to know it again */
	FILE *list;
};

int stops_begin(struct stops *stops, pid_t first);
void stops_end(struct stops *stops);

/* `status` is what waitpid(2) said. */
void stops_handle(struct stops *stops, struct traced *p, int status);
void stops_ended(struct stops *stops, int status);
