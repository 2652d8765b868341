/*
 * What tests are made of: run a program as a user would, look at what came
 * out, and say what must hold.
 *
 * A test drives the program by its options alone, so it can judge anyone's.
 * The words between NEW and SAME are options that the stage under test adds:
 * the ladder leaves them out when it runs the test against the stage before.
 *
 *     r = RUN(NEW, "--hostname", "box", SAME, "hostname");
 *     isolated(strcmp(r->out, "box\n") == 0, "inside the name is %s", r->out);
 */
#pragma once

#include <check.h>
#include <stdbool.h>
#include <string.h>
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
};

/* How to start it, where that differs from the usual. */
struct manner {
	const char *program; /* NULL: the one under test */
	bool ordinary_user;  /* as uid and gid 65534 */
	int denied_call;     /* this system call answers `denied_error` */
	int denied_error;    /* 0: none is denied */
	unsigned long denied_flags; /* only if its first argument has one */
	int keep_fd;                /* this descriptor stays open; 0: none */
	int terminal;               /* a terminal to control it; 0: none */
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

/* Wait until the program prints a line, and return it. */
char *next_line(struct running *running);

/* Write this text to its standard input. */
void feed(struct running *running, const char *text);

/* Is it our program, whose messages we can judge? */
bool own_program(void);

/* The path of the program that RUN() runs, to run it from another one. */
const char *program_under_test(void);

/* The stage before is being tried: see the ladder. */
bool on_ladder(void);

/* A busybox root file system, and the directory of our programs. */
const char *rootfs(void);
const char *bin(void);

/* The isolation assertion: what the stage before cannot fulfil. */
#define isolated(condition, ...)                                 \
	do {                                                     \
		if (!(condition))                                \
			ck_abort_msg("isolation: " __VA_ARGS__); \
		ck_assert(true);                                 \
	} while (0)

/* The machine lacks something: count this test as skipped, and say why. */
_Noreturn void skip(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

/* The text of a file, or "" if it cannot be read. */
char *file_text(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Where a link points, as the kernel says it ("uts:[4026531838]"), or "". */
char *link_text(const char *format, ...) __attribute__((format(printf, 1, 2)));

char *text(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Without its last line end. */
char *chomp(char *line);

#define has(text, piece) (strstr((text), (piece)) != NULL)

/*
 * Run `sh -c script` on the test's host and return what it prints, without
 * the last line end.
 */
char *shell(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Wrong input: exit status 2, nothing on standard output, one clear line. */
void refuses(const char *const words[], const char *message);
