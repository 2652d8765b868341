/*
 * Runs the tests of one stage on a host of their own.
 *
 * The "host" that tests look at is a set of namespaces made for them, so
 * nothing they do can reach the machine; and its / is shared, as on a systemd
 * machine, so that a mount that leaks is seen to leak.
 */
#pragma once

#include <check.h>

struct test {
	const char *tag;    /* "isolation" (laddered), "safety" or "input" */
	const TTest **test; /* &name, for START_TEST(name) */
};

/* Each test file defines these two. */
extern const char stage_name[];   /* "05-cgroups" */
extern const struct test tests[]; /* ends with a test of NULL */

/* host.c: move to the namespaces; returns only in there. */
void host_make(void);

/* host.c: all that a container could leave behind, as text. */
char *host_snapshot(void);

/* In a test: note that it was skipped. */
void runner_skip(const char *reason);
