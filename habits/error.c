/*
 * A message is put together in one place and written at once.
 *
 * errno holds only the last failure, and the next call may overwrite it.  So
 * it is read first, and kept: a caller can still look at it after the message.
 */
#include "habits/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "habits/surroundings.h"

/*
 * Parent and child share one standard error.  Each message is put together
 * first and goes out in a single write(2), so that two never mix.
 */
void error_to_stderr(const char *message)
{
	char line[ERROR_MAX + 64];
	int length = snprintf(line, sizeof(line), "%s: %s\n",
			      program_invocation_short_name, message);

	if (length >= (int)sizeof(line))
		length = (int)sizeof(line) - 1;
	if (write(STDERR_FILENO, line, (size_t)length) < 0)
		return; /* nobody is left to tell */
}

void (*error_sink)(const char *message) = error_to_stderr;

unsigned int error_count;

/*
 * A terminal obeys what is below a space, and 0x7f; many also 0x80 to 0x9f, if
 * it is no part of a longer character of UTF-8: alone, or after 0xc2.
 */
void error_make_plain(char *text)
{
	unsigned char before = 0;

	for (char *c = text; *c; before = (unsigned char)*c++) {
		unsigned char byte = (unsigned char)*c;
		bool begins = before < 0x80 || before == 0xc2;

		if (byte >= ' ' && byte != 0x7f &&
		    (byte < 0x80 || byte >= 0xa0 || !begins))
			continue;
		*c = '?';
		if (before == 0xc2 && byte >= 0x80)
			c[-1] = '?';
	}
}

/* A name from outside may hold anything, but a message is one line. */
static void error_print(const char *label, char *what, const char *reason,
			const char *hint)
{
	char message[ERROR_MAX];

	error_make_plain(what);
	snprintf(message, sizeof(message), "%s%s%s%s%s%s", label, what,
		 reason[0] ? ": " : "", reason, hint ? "\n  hint: " : "",
		 hint ? hint : "");
	error_sink(message);
}

/*
 * One errno means different things at different calls, so each call brings the
 * table of what it means there.  That there are too many files means the same
 * at each, and what helps is the number.
 */
static const char *error_hint(const struct hint *hints, int error)
{
	static char files[80];
	struct rlimit limit;

	for (; hints && hints->text; hints++)
		if (hints->error == error)
			return hints->text;
	if (error != EMFILE || getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return NULL;
	snprintf(files, sizeof(files),
		 "at most %llu files may be open at once: see ulimit -n",
		 (unsigned long long)limit.rlim_cur);
	return files;
}

/* strerrorname_np(3): glibc 2.32. */
int error_call(const struct hint *hints, const char *format, ...)
{
	int error = errno;
	const char *name = strerrorname_np(error);
	char what[1024], reason[128];
	const char *proc;
	va_list list;

	va_start(list, format);
	vsnprintf(what, sizeof(what), format, list);
	va_end(list);
	snprintf(reason, sizeof(reason), "%s (%s)", strerror(error),
		 name ? name : "unknown");
	/* What is said of other processes' files misleads. */
	proc = strstr(what, "/proc/") ? surroundings_stale_proc() : NULL;
	error_print("", what, reason, proc ? proc : error_hint(hints, error));
	error_count++;
	errno = error;
	return -1;
}

int error_input(const char *hint, const char *format, ...)
{
	char what[1024];
	va_list list;

	va_start(list, format);
	vsnprintf(what, sizeof(what), format, list);
	va_end(list);
	error_print("", what, "", hint);
	error_count++;
	return -1;
}

void error_note(const char *format, ...)
{
	char what[1024];
	va_list list;

	va_start(list, format);
	vsnprintf(what, sizeof(what), format, list);
	va_end(list);
	error_print("note: ", what, "", NULL);
}
