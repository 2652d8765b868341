/*
 * A clock that another one started.
 *
 * The offsets can be written while the new namespace has no process: so
 * unshare(2) makes it "for children" (/proc/self/ns/time_for_children), the
 * caller stays in the old one, writes, and the next child is born in it.
 * Linux 5.6.
 */
#include "10-full-container/clocks.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "habits/whole.h"

static const struct hint unshare_hints[] = {
	{ EPERM, "a time namespace needs CAP_SYS_ADMIN: run as root (sudo)" },
	{ EINVAL, "this kernel has no time namespaces (Linux 5.6)" },
	{ ENOSPC,
	  "too many namespaces: see /proc/sys/user/max_time_namespaces" },
	{ 0, NULL },
};

static const struct hint offset_hints[] = {
	{ ERANGE, "no clock may be set to before 0 or beyond 146 years" },
	{ EPERM, "shifting a clock needs CAP_SYS_TIME" },
	{ EACCES, "a process is in the namespace already" },
	{ 0, NULL },
};

/*
 * Seconds, also negative: a container can have started before or after its
 * host.
 */
static int clocks_parse(void *field, const char *name, const char *value)
{
	struct clock_offset *offset = field;
	char *end;

	errno = 0;
	offset->seconds = strtoll(value, &end, 10);
	if (errno || end == value || *end)
		return error_input("a number of seconds, such as 86400 or -10",
				   "option --%s: \"%s\" is not a number", name,
				   value);
	return 0;
}

const struct option_entry clocks_options[] = {
	{ 0, "monotonic", "SECONDS", "shift the monotonic clock", clocks_parse,
	  offsetof(struct clocks, monotonic) },
	{ 0, "boottime", "SECONDS", "shift the time since boot (uptime)",
	  clocks_parse, offsetof(struct clocks, boottime) },
	{ 0 },
};

static bool clocks_are_shifted(const struct clocks *clocks)
{
	return clocks->monotonic.seconds || clocks->monotonic.nanoseconds ||
	       clocks->boottime.seconds || clocks->boottime.nanoseconds;
}

int clocks_open(const struct clocks *clocks)
{
	if (!clocks_are_shifted(clocks))
		return -1;
	return open("/proc/self/timens_offsets", O_WRONLY | O_CLOEXEC);
}

/*
 * In the parent, right before the child.  Two lines of "CLOCK SECONDS
 * NANOSECONDS", in one write(2).
 */
int clocks_setup(const struct clocks *clocks, int file)
{
	CLEANUP_CLOSE int fd = file;
	char text[128];

	if (!clocks->own && !clocks_are_shifted(clocks))
		return 0;
	if (unshare(CLONE_NEWTIME) < 0)
		return error_call(unshare_hints, "make a time namespace");
	if (!clocks_are_shifted(clocks))
		return 0;
	snprintf(text, sizeof(text),
		 "monotonic %" PRId64 " %" PRIu32 "\n"
		 "boottime %" PRId64 " %" PRIu32 "\n",
		 clocks->monotonic.seconds, clocks->monotonic.nanoseconds,
		 clocks->boottime.seconds, clocks->boottime.nanoseconds);
	if (fd < 0 || whole_tell(fd, text) < 0)
		return error_call(offset_hints,
				  "shift the clocks by %" PRId64 " and %" PRId64
				  " seconds",
				  clocks->monotonic.seconds,
				  clocks->boottime.seconds);
	return 0;
}

/*
 * In the child, with a user namespace: only in there has it the capability.
 * So it makes the namespace and enters it by setns(2), without another fork.
 */
int clocks_enter(const struct clocks *clocks)
{
	CLEANUP_CLOSE int fd = -1;

	if (clocks_setup(clocks, clocks_open(clocks)) < 0)
		return -1;
	fd = open("/proc/self/ns/time_for_children", O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWTIME) < 0)
		return error_call(unshare_hints, "enter the time namespace");
	return 0;
}
