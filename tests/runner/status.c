#include "tests/runner/status.h"

#include <signal.h>
#include <stdlib.h>

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

	expect(&r, "ready");
	kill(r.pid, SIGKILL);
	ck_assert_int_eq(finish(&r)->status, 128 + SIGKILL);
	RUN("true"); /* the next run removes what a killed one cannot */
}

bool was_done(const struct result *result)
{
	ck_assert_msg(has(result->out, "tried\n"), "%s", result->err);
	return has(result->out, "done\n");
}
