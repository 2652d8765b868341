/*
 * Runs the tests of one stage, each on a host of its own.
 *
 * The "host" that a test looks at is a set of namespaces made for it, so
 * nothing it does can reach the machine; and its / is shared, as on a systemd
 * machine, so that a mount that leaks is seen to leak.
 */
#pragma once

#include <check.h>
#include <stdbool.h>

/*
 * "core isolation" is what the chapter teaches and its exercise asks for.
 * Without "core" it is the rest, of which a right answer may have nothing.
 */
struct test {
	const char *tag;    /* "isolation" (laddered), "safety" or "input" */
	const TTest **test; /* &name, for START_TEST(name) */
};

/* Each test file defines these two. */
extern const char stage_name[];   /* "05-cgroups" */
extern const struct test tests[]; /* ends with a test of NULL */

/* In a test: note that it was skipped. */
void runner_skip(const char *reason);

/* In a test: it says nothing about the program that is judged. */
void runner_not_judged(const char *reason);

/* In a test: what it does next, for the case that it hangs there. */
void runner_step(const char *what, char *const words[]);

/* In a test: the program that is judged was started with these words. */
void runner_ran(char *const words[]);

/* In a test: is it one of isolation? */
bool runner_is_isolation(void);

/* In a test on the ladder: the program itself failed, so nothing is proved. */
void runner_not_comparable(const char *reason);
