/*
 * Run a program and make one of its system calls fail.
 *
 * A call has an address: in which process, by its way of forks from the first
 * ("0"; "0.1" is that one's second child; "a" is one that was there before);
 * which call; and the how-manieth of these calls in there.  What a child
 * becomes by exec is followed only if it is the program again: neither hooks
 * nor the container's own program are what is tested.
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "tests/faults/traced.h"

struct fault {
	char process[PROCESS_MAX];
	long number;
	int nth;
	int error;      /* what the call shall answer */
	bool happens;   /* and yet do what it does */
	bool is_killed; /* instead of all that: the process is, there */
};

/* What to run, and what to do to it. */
struct order {
	const char *const *words;
	const char *program; /* the program that is tested */
	int in, out, err;
	pid_t attached;            /* trace this one as well; 0: none */
	const struct fault *fault; /* NULL: none */
	int list;                  /* where to write each call; -1: nowhere */
	int seconds;               /* then it hangs */
};

/* What became of it. */
struct outcome {
	int status;        /* as a shell says it; -1: it hangs */
	int crash;         /* the signal by which any of them ended itself */
	bool is_hit;       /* the call was made */
	bool has_begun;    /* ... by main() or what it called */
	bool is_message;   /* ... it wrote to standard error */
	char what[256];    /* ... its arguments */
	char waiting[512]; /* where it hangs */
};

/* -1: it could not be run. */
int tracer_run(const struct order *order, struct outcome *outcome);
