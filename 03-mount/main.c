/*
 * 03-mount: a mount table of its own, and with it the right /proc.
 *
 * CLONE_NEWNS copies the host's mount table.  A /proc that was mounted in
 * the new PID namespace lists that namespace, so ps finally tells the truth.
 *
 *     sudo bin/03-mount --tmpfs /mnt sh -c 'ps aux; findmnt /mnt'
 */
#include <linux/mount.h>
#include <stddef.h>

#include "habits/error.h"
#include "habits/options.h"
#include "01-uts/child.h"
#include "01-uts/uts.h"
#include "02-pid/pid.h"
#include "03-mount/mounts.h"

struct container {
	struct uts uts;
	struct pid pid;
	struct mounts mounts;
	char **command;
};

static const struct option_group groups[] = {
	{ uts_options, offsetof(struct container, uts) },
	{ pid_options, offsetof(struct container, pid) },
	{ mounts_options, offsetof(struct container, mounts) },
	{ 0 },
};

static const struct program program = {
	.summary = "Run COMMAND with a mount table and a /proc of its own.",
	.example =
		"sudo bin/03-mount --tmpfs /mnt sh -c 'ps aux; findmnt /mnt'",
	.groups = groups,
};

static struct mount default_mounts[] = {
	{ .target = "/proc",
	  .type = "proc",
	  .attributes =
		  MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC },
	{ 0 },
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
	if (mounts_make_private() < 0)
		return EXIT_SETUP;
	if (mounts_open(default_mounts) < 0 || mounts_open(c->mounts.table) < 0)
		return EXIT_SETUP;
	if (mounts_attach(default_mounts, false) < 0 ||
	    mounts_attach(c->mounts.table, false) < 0)
		return EXIT_SETUP;
	return pid_run(&c->pid, c->command);
}

/* The parent's side: what happens on the host. */
static int outside(struct container *c)
{
	struct clone_args args = { .flags = CLONE_NEWUTS | CLONE_NEWPID |
					    CLONE_NEWNS };
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
