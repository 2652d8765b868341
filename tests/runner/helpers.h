/*
 * What tests are made of, beside running programs: say what must hold, and
 * look at the host.
 */
#pragma once

#include <check.h>
#include <string.h>

#include "tests/runner/run.h"

/* The isolation assertion: what the stage before cannot fulfil. */
#define ISOLATION "isolation: "
#define isolated(condition, ...)                             \
	do {                                                 \
		if (!(condition))                            \
			ck_abort_msg(ISOLATION __VA_ARGS__); \
		ck_assert(true);                             \
	} while (0)

/* The machine lacks something: count this test as skipped, and say why. */
_Noreturn void skip(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

/* Wrong input: exit status 2, nothing on standard output, one clear line. */
void refuses(const char *const words[], const char *message);

/* The container cannot be had: exit status 125, and why, and what to do. */
void cannot(const struct manner *manner, const char *const words[],
	    const char *message);

/* Is it our program, whose messages we can judge? */
bool own_program(void);

/* The stage before is being tried: see the ladder. */
bool on_ladder(void);

/* The path of the program that RUN() runs, to run it from another one. */
const char *program_under_test(void);

/* A busybox root file system, and the directory of our programs. */
const char *rootfs(void);
const char *bin(void);

/* These return new text, or "" if there is nothing to be read. */
#define FORMATTED __attribute__((format(printf, 1, 2)))
char *file_text(const char *format, ...) FORMATTED;
char *link_text(const char *format, ...) FORMATTED; /* "uts:[4026531838]" */
char *text(const char *format, ...) FORMATTED;
char *read_all(int fd);

/* `sh -c` on the test's host: what it prints, without the last line end. */
char *shell(const char *format, ...) FORMATTED;

/* Without its last line end. */
char *chomp(char *line);

#define has(text, piece) (strstr((text), (piece)) != NULL)
