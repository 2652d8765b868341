/* The faults of a case: each call it makes, in each pass. */
#pragma once

#include "tests/faults/tracer.h"

struct planned {
	const char *pass; /* of pass_names */
	char address[96]; /* "0.1:openat#7" */
	struct fault fault;
};

struct plan {
	struct planned *each;
	size_t count;
};

/*
 * fit: an error that fits the call.  other: one more.  eintr: a signal came.
 * kill: the process is killed there.
 */
extern const char *const pass_names[];

/*
 * From the list that a tracer wrote, in these passes ("fit,eintr"); in an
 * order that depends on `seed`, if there is one.
 */
struct plan plan_make(const char *list, const char *passes, const char *seed);
void plan_free(struct plan *plan);
