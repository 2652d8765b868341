#include "tests/runner/judged.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "habits/count.h"
#include "tests/runner/helpers.h"
#include "tests/runner/run.h"
#include "tests/runner/runner.h"

/*
 * All options of the stages, with a value that is right, or NULL where there
 * is none.  `exercise` is the one that asks for it.
 */
static const struct judged_option {
	const char *exercise, *name, *value;
} judged_options[] = {
	{ "01", "--hostname", "box" },
	{ "01", "--domainname", "example" },
	{ "02", "--init", NULL },
	{ "03", "--mount", "/etc:/mnt" },
	{ "03", "--tmpfs", "/mnt" },
	{ "04", "--rootfs", "/" },
	{ "04", "--jail", "pivot" },
	{ "05", "--memory", "64M" },
	{ "05", "--cpus", "0.5" },
	{ "05", "--pids", "100" },
	{ "", "--cpuset", "0" },
	{ "", "--io", "weight=100" },
	{ "", "--stats", NULL },
	{ "06", "--layer", "/" },
	{ "06", "--upper", "/mnt/none" },
	{ "", "--diff", NULL },
	{ "", "--commit", "/mnt/none/layer.tar" },
	{ "07", "--cap-add", "CHOWN" },
	{ "07", "--cap-drop", "CHOWN" },
	{ "07", "--user", "1" },
	{ "07", "-u", "1" },
	{ "", "--allow-new-privs", NULL },
	{ "", "--userns", NULL },
	{ "", "--uid-map", "0:0:1" },
	{ "", "--gid-map", "0:0:1" },
	{ "08", "--net", "none" },
	{ "", "--publish", "8080:80" },
	{ "", "-p", "8080:80" },
	{ "09", "--deny", "mkdirat" },
	{ "09", "--kill", "mkdirat" },
	{ "", "--allow", "mkdirat" },
	{ "", "--seccomp", "none" },
	{ "", "--show-filter", NULL },
	{ "", "--apparmor", "none" },
	{ "", "--selinux", "none" },
};

#define JUDGED_OPTIONS COUNT(judged_options)

bool judged(void)
{
	return !own_program() && !on_ladder();
}

static const struct judged_option *judged_find(const char *name)
{
	for (size_t i = 0; i < JUDGED_OPTIONS; i++)
		if (strcmp(judged_options[i].name, name) == 0)
			return &judged_options[i];
	return NULL;
}

/* Exercise 06 has no container without a layer. */
static int judged_status(const struct judged_option *option)
{
	static const struct manner as_words = { .program = "" };
	const char *words[8] = { program_under_test() };
	int count = 1;

	if (strncmp(stage_name, "06", 2) == 0) {
		words[count++] = "--layer";
		words[count++] = rootfs();
	}
	if (option)
		words[count++] = option->name;
	if (option && option->value)
		words[count++] = option->value;
	words[count] = "true";
	return run(&as_words, words)->status;
}

bool judged_lacks(const char *name)
{
	static int known[JUDGED_OPTIONS]; /* 1: it has it, 2: it lacks it */
	const struct judged_option *option = judged_find(name);
	int *answer;

	if (!judged() || !option ||
	    strncmp(option->exercise, stage_name, 2) == 0)
		return false;
	answer = &known[option - judged_options];
	if (!*answer)
		*answer = judged_status(option) == 2 && judged_status(NULL) == 0
				  ? 2
				  : 1;
	return *answer == 2;
}

void judged_check(char *const line[])
{
	const struct judged_option *option;

	if (!judged())
		return;
	for (line++; *line && (option = judged_find(*line)); line++) {
		if (judged_lacks(option->name))
			not_judged("it has no %s", option->name);
		if (option->value && line[1])
			line++;
	}
}

void not_judged(const char *format, ...)
{
	char *reason;
	va_list list;

	va_start(list, format);
	if (vasprintf(&reason, format, list) < 0)
		abort();
	va_end(list);
	runner_not_judged(reason);
	exit(0);
}
