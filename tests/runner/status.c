#include "tests/runner/status.h"

#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "tests/runner/runner.h"
#include "tests/runner/watch.h"

unsigned long long status_set(const char *status, const char *name)
{
	const char *line = strstr(status, text("\n%s:", name));

	ck_assert_msg(line != NULL, "there is no %s in: %s", name, status);
	return strtoull(line + strlen(name) + 2, NULL, 16);
}

unsigned long long status_here(unsigned long long mask)
{
	char *status = file_text("/proc/self/status");

	return mask & status_set(status, "CapPrm") &
	       status_set(status, "CapBnd");
}

long innermost(const struct running *running)
{
	long pid = running->pid;
	char *children = text("%ld", pid);

	while (children[0]) {
		pid = strtol(children, NULL, 10);
		children = file_text("/proc/%ld/task/%ld/children", pid, pid);
	}
	return pid;
}

static bool has_ended(pid_t pid)
{
	struct pollfd end = { .events = POLLIN };
	bool ended;

	end.fd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (end.fd < 0)
		return true;
	ended = poll(&end, 1, watch_patience_ms()) == 1;
	close(end.fd);
	return ended;
}

void ends_soon(const struct running *running, const char *otherwise)
{
	ck_assert_msg(has_ended(running->pid), "%s", otherwise);
}

static int64_t milliseconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

char *late_line(struct running *running, const char *line)
{
	int64_t end = milliseconds_now() + watch_patience_ms(), left;
	struct pollfd output = { .fd = running->out, .events = POLLIN };
	char *got = text("%s", "nothing");

	runner_step(text("to wait for the line \"%s\" of", line),
		    running->line);
	while (strcmp(got, line) != 0) {
		left = end - milliseconds_now();
		if (left < 0 || poll(&output, 1, (int)left) != 1)
			return text("it has not printed the line \"%s\" for "
				    "%d s; its last line was: %.80s",
				    line, watch_patience_ms() / 1000, got);
		got = next_line(running);
	}
	return NULL;
}

void ends_with(int status, const char *const words[])
{
	struct result *r = run(NULL, words);
	const char *last = "";

	while (*words)
		last = *words++;
	ck_assert_msg(r->status == status,
		      "a command \"%s\" ends with %d, not %d: %s", last,
		      r->status, status, r->err);
}

long first_inside(const struct running *running)
{
	char *children = file_text("/proc/%d/task/%d/children", running->pid,
				   running->pid);

	ck_assert_str_ne(children, "");
	return strtol(children, NULL, 10);
}

void dies_with_the_program(const struct manner *manner,
			   const char *const words[])
{
	struct running r = start(manner, words);
	long inside;

	expect(&r, "ready");
	inside = innermost(&r);
	kill(r.pid, SIGKILL);
	if (!has_ended((pid_t)inside))
		ck_abort_msg("after kill -9 of the program its command is "
			     "still there");
	ck_assert_int_eq(finish(&r)->status, 128 + SIGKILL);
	RUN("true"); /* the next run removes what a killed one cannot */
}

void has_run(const struct result *result, const char *printed)
{
	ck_assert_msg(has(result->out, printed),
		      "the command has not run: it prints \"%s\", and that did "
		      "not come; the program ended with %d: %s",
		      chomp(text("%s", printed)), result->status, result->err);
}

bool was_done(const struct result *result)
{
	has_run(result, "tried\n");
	return has(result->out, "done\n");
}
