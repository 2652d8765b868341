/*
 * Exercise 10: a bundle that somebody made.
 *
 * PROGRAM is the bundle.  Without it, or if it is a runtime, the exercise's
 * solution is the bundle; the runtime is that one, or the kit's.
 */
#pragma once

#include "tests/runner/helpers.h"

/* It runs, and has said "ready". */
struct box {
	struct manner runtime;
	const char *id;
	struct running run;
	pid_t pid;
	const char *status; /* of /proc */
};

/* A copy of the bundle, and a container of it. */
struct box box_begin(void);

/* Another one of the same copy, by the same runtime or by this. */
struct box box_run(const char *runtime, const char *id);
const char *box_runtime(void);

/* Kill it; and the last one takes the copy with it. */
void box_kill(struct box *box);
void box_end(struct box *box);

/* What /proc/PID/status says; who has ended by itself fails the test. */
const char *box_must_stay(pid_t pid);

/* Somebody has ended it: it ends with 0, or the test fails. */
void box_ends_by_term(struct box *box, const char *with);
void box_forget_bundle(void);

/* The directory of the bundle that is its root; "" if it is not in there. */
char *box_root(const struct box *box);
#define ROOT_OUTSIDE                                                        \
	"root.path leads out of the bundle: say where the root is as seen " \
	"from there (\"rootfs\"), for a bundle is moved as a whole"

/* A command of our busybox as its own program would run it. */
#define INSIDE(box, ...) box_inside(box, WORDS(__VA_ARGS__))
struct result *box_inside(const struct box *box, const char *const words[]);

/* What /proc/PID/status says after this name, to the end of the line. */
char *box_status(const struct box *box, const char *name);

/* The options of what is mounted on this place, or "". */
char *box_mount(const struct box *box, const char *place);
char *box_hostname(const struct box *box);
