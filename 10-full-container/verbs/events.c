/*
 * events: what a container uses, and when it runs out of memory.
 *
 * One line of JSON each, for as long as the container runs.  Nothing is asked
 * in vain: one poll(2) waits for the kernel's word about memory, for the end
 * of the container, and for the time to look again.
 */
#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/count.h"
#include "habits/error.h"
#include "10-full-container/group/group.h"
#include "10-full-container/group/oom.h"
#include "10-full-container/group/usage.h"
#include "10-full-container/life/container.h"

static const struct {
	const char *name;
	long long nanoseconds;
} event_units[] = {
	{ "ns", 1 },           { "us", 1000 },         { "ms", 1000000 },
	{ "s", 1000000000LL }, { "m", 60000000000LL }, { "h", 3600000000000LL },
};

/* "500ms", "5s", "1m30s": as the language Go writes a time. */
static int event_parse_interval(void *field, const char *name,
				const char *value)
{
	size_t i, count = COUNT(event_units);
	long long total = 0;
	const char *text = value;
	char *end;

	while (isdigit((unsigned char)*text)) {
		long long number = strtoll(text, &end, 10);
		size_t length = strspn(end, "nushm");

		for (i = 0; i < count; i++)
			if (strlen(event_units[i].name) == length &&
			    strncmp(event_units[i].name, end, length) == 0)
				break;
		if (i == count ||
		    __builtin_mul_overflow(number, event_units[i].nanoseconds,
					   &number) ||
		    __builtin_add_overflow(total, number, &total))
			break;
		text = end + length;
	}
	if (*text || total <= 0)
		return error_input("a number and a unit: 500ms, 5s, 1m",
				   "option --%s: \"%s\" is not a length of "
				   "time",
				   name, value);
	*(long long *)field = total;
	return 0;
}

const struct option_entry events_options[] = {
	{ 0, "stats", NULL, "once, and no more", option_flag,
	  offsetof(struct request, stats) },
	{ 0, "interval", "TIME", "between two looks (default: 5s)",
	  event_parse_interval, offsetof(struct request, interval) },
	{ 0 },
};

/*
 * A line is written at once, or a reader at the other end waits for it.  -1
 * without a message: main() has one for what could not be printed.
 */
static int event_print(const struct state *state, const char *type,
		       json_t *data)
{
	json_t *event = json_pack("{s:s, s:s}", "type", type, "id", state->id);

	if (data)
		json_object_set_new(event, "data", data);
	json_dumpf(event, stdout, JSON_COMPACT | JSON_PRESERVE_ORDER);
	json_decref(event);
	putchar('\n');
	return fflush(stdout) == 0 ? 0 : -1;
}

/* All counters in one event, in the format that runc began: usage.h. */
static int event_print_usage(const struct state *state, const struct cgroup *cg)
{
	json_t *usage = usage_read(cg);

	return usage ? event_print(state, "stats", usage) : -1;
}

/*
 * timerfd_create(2): the time becomes a descriptor that poll(2) waits for
 * together with the others.  Both values are the interval; the first look is
 * one interval from now.
 */
static int event_start_timer(long long interval)
{
	struct timespec time = { interval / 1000000000,
				 (long)(interval % 1000000000) };
	struct itimerspec each = { time, time };
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);

	if (fd < 0 || timerfd_settime(fd, 0, &each, NULL) < 0)
		return error_call(NULL, "start a timer");
	return fd;
}

/* Until the container's first process has ended. */
static int event_follow(const struct state *state, const struct cgroup *cg,
			long long interval, int pidfd)
{
	CLEANUP_CLOSE int timer = event_start_timer(interval);
	struct oom oom;
	int result = oom_watch(cg, &oom), happened = 0;
	struct pollfd fds[] = { { .fd = pidfd, .events = POLLIN },
				{ .fd = timer, .events = POLLIN },
				{ .fd = oom.fd, .events = oom.events } };
	uint64_t times;

	if (timer < 0)
		result = -1;
	while (result == 0 && (poll(fds, 3, -1) > 0 || errno == EINTR)) {
		happened = fds[2].revents ? oom_happened(&oom) : 0;
		if (happened)
			result = happened < 0 ? -1
					      : event_print(state, "oom", NULL);
		if (fds[0].revents)
			break;
		if (result == 0 && fds[1].revents &&
		    read(timer, &times, sizeof(times)) > 0)
			result = event_print_usage(state, cg);
	}
	oom_close(&oom);
	return result;
}

/*
 * Without the state's lock: it would hold up everybody for as long as it runs.
 */
int command_events(const struct request *request, const struct state *state)
{
	CLEANUP_CLOSE int pidfd = -1;
	struct cgroup cg = { 0 };
	enum status status;
	int result = -1, found;

	if (status_open_process(state, &pidfd, &status) < 0)
		return -1;
	if (status == STATUS_STOPPED || status == STATUS_CREATING)
		return error_input(NULL,
				   "events: container not running: %s is %s",
				   state->id, status_name(status));
	found = group_find(state, &cg);
	if (found == 0)
		error_input("a group of its own counts what it uses",
			    "events: the container %s has no group", state->id);
	if (found > 0 && request->stats)
		result = event_print_usage(state, &cg);
	else if (found > 0)
		result = event_follow(state, &cg,
				      request->interval ? request->interval
							: 5000000000LL,
				      pidfd);
	cgroup_close(&cg);
	return result;
}
