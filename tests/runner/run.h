/*
 * Run a program as a user would, and look at what came out.
 *
 * A test drives the program by its options alone, so it can judge anyone's.
 * The words between NEW and SAME are options that the stage under test adds:
 * the ladder leaves them out when it runs the test against the stage before.
 *
 *     r = RUN(NEW, "--hostname", "box", SAME, "hostname");
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#define NEW  "\001new"
#define SAME "\001same"
struct result {
	int status; /* as a shell says it: 128 + N for signal N */
	char *out, *err;
};

/* A program that was started and not yet waited for. */
struct running {
	pid_t pid;
	int in, out; /* pipes to its standard input and from its output */
	int err;     /* a file in memory */
	bool is_tested;
	char **line; /* what it was started with */
};

/* How to start it, where that differs from the usual. */
struct manner {
	const char *program; /* NULL: the one under test; "": the first word */
	bool ordinary_user;  /* as uid and gid 65534 */
	int denied_call;     /* this system call answers `denied_error` */
	int denied_error;    /* 0: none is denied */
	unsigned long denied_flags;  /* only if its first argument has one */
	unsigned int denied_pair[2]; /* ... if its first two are these */
	int keep_fd;                 /* this descriptor stays open; 0: none */
	const char *left_open;       /* a directory, as descriptors 3 to 20 */
	bool traced;                 /* by the caller, see ptrace(2) */
	int terminal;                /* a terminal to control it; 0: none */
};

#define WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define RUN(...)   run(NULL, WORDS(__VA_ARGS__))

/* Run the program with these words and wait for it. */
struct result *run(const struct manner *manner, const char *const words[]);

/* The same in steps.  Nothing is read before expect() or finish(). */
struct running start(const struct manner *manner, const char *const words[]);
struct result *finish(struct running *running);

/* Wait until the program has printed this line; the test fails at its end. */
void expect(struct running *running, const char *line);

/* The next line, whichever it is. */
char *next_line(struct running *running);
void feed(struct running *running, const char *text); /* its input */
