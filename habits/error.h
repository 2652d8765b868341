/*
 * What failed, on what, why, and what to do about it.
 *
 * A failure is printed once, by the function that saw it happen, because
 * only that function still knows the object and the reason:
 *
 *     01-uts: create a process in new namespaces: Operation not permitted (EPERM)
 *       hint: run as root (sudo): new namespaces need CAP_SYS_ADMIN
 *
 * Everyone above it only passes -1 on.  So, unless its comment says otherwise, a
 * function of this kit returns 0, or -1 after such a message.
 */
#pragma once

/* What one errno means at one call.  A table of them ends with { 0, NULL }. */
struct hint {
	int error;
	const char *text;
};

/* The program could not set up the container; 2 is wrong usage. */
#define EXIT_USAGE 2
#define EXIT_SETUP 125

/*
 * A system call failed: print what was being done and the reason in errno.
 * The hint for that errno follows if `hints` (may be NULL) has one.
 * Keeps errno; always returns -1, so that a caller can `return error_call()`.
 */
int error_call(const struct hint *hints, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Something is wrong that no errno describes, such as a value the user gave.
 * `hint` may be NULL.  Always returns -1.
 */
int error_input(const char *hint, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Say something that is not an error: "note: ...", on standard error. */
void error_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Each byte that could end a line, or command a terminal, becomes a '?'. */
void error_make_plain(char *text);

/* Errors that were said: who finds 0 in a failure has to say one. */
extern unsigned int error_count;

#define ERROR_MAX 2048 /* no message is longer */

/*
 * Where messages go: to standard error, until a program has a better place
 * (stage 10 keeps a log).
 */
extern void (*error_sink)(const char *message);
void error_to_stderr(const char *message);
