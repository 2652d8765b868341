/*
 * 02-pid: the command is process 1.
 *
 * CLONE_NEWPID gives the child a number space of its own.  It cannot even
 * name a process of the host any more, although ps still lists them: /proc
 * is the host's, and stage 03 changes that.
 *
 *     sudo bin/02-pid sh -c 'echo I am process $$'
 */
#include <stddef.h>

#include "habits/error.h"
#include "habits/options.h"
#include "01-uts/child.h"
#include "01-uts/uts.h"
#include "02-pid/pid.h"

struct container {
	struct uts uts;
	struct pid pid;
	char **command;
};

static const struct option_group groups[] = {
	{ uts_options, offsetof(struct container, uts) },
	{ pid_options, offsetof(struct container, pid) },
	{ 0 },
};

static const struct program program = {
	.summary = "Run COMMAND as process 1 of a new PID namespace.",
	.example = "sudo bin/02-pid sh -c 'echo I am process $$'",
	.groups = groups,
};

static int parse_options(struct container *c, int argc, char **argv)
{
	return options_parse(&program, c, argc, argv, &c->command);
}

/* The child's side: what happens in the new namespaces. */
static int inside(void *argument)
{
	struct container *c = argument;

	if (child_wait_gate() < 0)
		return EXIT_SETUP;
	if (uts_setup(&c->uts) < 0)
		return EXIT_SETUP;
	return pid_run(&c->pid, c->command);
}

/* The parent's side: what happens on the host. */
static int outside(struct container *c)
{
	struct clone_args args = { .flags = CLONE_NEWUTS | CLONE_NEWPID };
	struct child child;

	child_hold_signals();
	if (child_start(&child, &args, inside, c) < 0)
		return EXIT_SETUP;
	return child_run(&child);
}

int main(int argc, char **argv)
{
	struct container c = { 0 };

	switch (parse_options(&c, argc, argv)) {
	case 0:
		return outside(&c);
	case 1:
		return 0;
	default:
		return EXIT_USAGE;
	}
}
