/* The processes that are traced, and how many of which calls each has made. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "tests/faults/begin.h"

#define TRACED_MAX  128
#define CALL_MAX    512
#define PROCESS_MAX 48

struct traced {
	pid_t pid;
	char process[PROCESS_MAX]; /* see struct fault */
	int children;
	bool is_attached; /* was there before: nobody waits for its end */
	bool has_started; /* a new one is stopped once */
	bool has_begun;   /* is past the beginning of main() */
	bool is_failing;  /* this call's result will be another */
	unsigned short count[CALL_MAX];
	long number;   /* of its last call */
	bool is_again; /* ... which the kernel makes again */
	uintptr_t trap;
	long instead;
};

struct traced *traced_find(pid_t pid);
struct traced *traced_add(pid_t pid, const char *process);
void traced_remove(struct traced *process);

/* Is any of them in the call that is to fail? */
bool traced_is_failing(void);

/*
 * A child can stop before its parent's stop tells of it.  Such a stop is kept
 * for later; traced_was_early() says, once, whether there was one.
 */
void traced_keep_early(pid_t pid);
bool traced_was_early(pid_t pid);

/* Kill all but those that were attached; say what each was waiting for. */
void traced_kill(FILE *report);
