/* What /proc/PID/status says about privileges. */
#pragma once

#include "tests/runner/helpers.h"

#define BIT(capability)     (1ULL << (capability))
#define DOCKER_CAPABILITIES 0xa80425fbULL /* fourteen */

/* Prints its own status. */
#define STATUS "cat", "/proc/self/status"

/* A capability set ("CapBnd") out of such a text. */
unsigned long long status_set(const char *status, const char *name);

/* What of a mask the machine's root has: it may lack some. */
unsigned long long status_here(unsigned long long mask);

/*
 * The process that the command is, as the host numbers it: the last of the
 * program's first children.  A program can also have become the command, or
 * the program of the stage before.
 */
long innermost(const struct running *running);

/* It ends by itself in some seconds, or the test fails with this sentence. */
void ends_soon(const struct running *running, const char *otherwise);

/*
 * NULL: this line came in some seconds, whatever else was printed meanwhile.
 * Or what came instead.
 */
char *late_line(struct running *running, const char *line);

/* The command ends with this status, or the test says with which it did. */
void ends_with(int status, const char *const words[]);

/* The first process inside, as the host numbers it. */
long first_inside(const struct running *running);

/*
 * Kill the program: the container has to end with it.  The words print
 * "ready" and then do not read their input, so that the end of their output
 * is their own end.
 */
void dies_with_the_program(const struct manner *manner,
			   const char *const words[]);

#define READY_AND_STAY "sh", "-c", "echo ready; exec tail -f /dev/null"

/* The command has printed this, or the test says that it did not run. */
void has_run(const struct result *result, const char *printed);

/* Try it, and also see that the container itself came about. */
#define TRY(script) "sh", "-c", (script " && echo done; echo tried")
bool was_done(const struct result *result);
