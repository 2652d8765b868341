/*
 * 01-uts: a command with a host name of its own.
 *
 * One flag to clone3(2), CLONE_NEWUTS, and the child can be renamed without
 * the host noticing.  Try it, and look at `hostname` outside afterwards:
 *
 *     sudo bin/01-uts --hostname box hostname
 */
#include <stddef.h>

#include "habits/error.h"
#include "habits/options.h"
#include "01-uts/child.h"
#include "01-uts/uts.h"

struct container {
	struct uts uts;
	char **command;
};

static const struct option_group groups[] = {
	{ uts_options, offsetof(struct container, uts) },
	{ 0 },
};

static const struct program program = {
	.summary = "Run COMMAND with a host name of its own.",
	.example = "sudo bin/01-uts --hostname box hostname",
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
	return child_exec(c->command);
}

/* The parent's side: what happens on the host. */
static int outside(struct container *c)
{
	struct clone_args args = { .flags = CLONE_NEWUTS };
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
