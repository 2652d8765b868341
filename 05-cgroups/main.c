/*
 * 05-cgroups: a budget for all that runs in the container.
 *
 * The group is made before the child, and the child is born in it
 * (CLONE_INTO_CGROUP): there is no moment in which it runs without a limit.
 *
 *     sudo bin/05-cgroups --memory 64M --pids 20 --stats sh -c 'cat /proc/self/cgroup'
 */
#include <stddef.h>
#include <stdio.h>

#include "habits/error.h"
#include "habits/options.h"
#include "01-uts/child.h"
#include "01-uts/uts.h"
#include "02-pid/pid.h"
#include "03-mount/mounts.h"
#include "04-chroot/rootfs.h"
#include "05-cgroups/cgroup.h"

struct container {
	struct uts uts;
	struct pid pid;
	struct mounts mounts;
	struct rootfs rootfs;
	struct cgroup cgroup;
	char **command;
};

static const struct option_group groups[] = {
	{ uts_options, offsetof(struct container, uts) },
	{ pid_options, offsetof(struct container, pid) },
	{ mounts_options, offsetof(struct container, mounts) },
	{ rootfs_options, offsetof(struct container, rootfs) },
	{ cgroup_options, offsetof(struct container, cgroup) },
	{ 0 },
};

static const struct program program = {
	.summary = "Run COMMAND with a budget: memory, cpu, processes, disk.",
	.example = "sudo bin/05-cgroups --memory 64M --pids 20 --stats cat "
		   "/proc/self/cgroup",
	.groups = groups,
};

static int parse_options(struct container *c, int argc, char **argv)
{
	return options_parse(&program, c, argc, argv, &c->command);
}

/*
 * The child's side: what happens in the new namespaces.  What is needed of the
 * host's files is opened before the root changes, and attached after it.
 */
static int inside(void *argument)
{
	struct container *c = argument;
	struct mount *mounts = rootfs_default_mounts(&c->rootfs);
	bool own_root = c->rootfs.path != NULL;

	if (child_wait_gate() < 0)
		return EXIT_SETUP;
	if (uts_setup(&c->uts) < 0)
		return EXIT_SETUP;
	if (mounts_make_private() < 0)
		return EXIT_SETUP;
	if (mounts_open(mounts) < 0 || mounts_open(c->mounts.table) < 0)
		return EXIT_SETUP;
	if (rootfs_enter(&c->rootfs) < 0)
		return EXIT_SETUP;
	if (mounts_attach(mounts, own_root) < 0 ||
	    rootfs_link_devices(&c->rootfs) < 0 ||
	    mounts_attach(c->mounts.table, own_root) < 0)
		return EXIT_SETUP;
	if (cgroup_enter_namespace(&c->cgroup) < 0)
		return EXIT_SETUP;
	if (rootfs_let_go() < 0)
		return EXIT_SETUP;
	return pid_run(&c->pid, c->command);
}

/*
 * The parent's side: what happens on the host.  What it makes it also removes,
 * in reverse order, whatever failed in between: hence the goto.
 */
static int outside(struct container *c)
{
	struct clone_args args = { .flags = CLONE_NEWUTS | CLONE_NEWPID |
					    CLONE_NEWNS };
	struct child child;
	int status = EXIT_SETUP;

	child_hold_signals();
	if (cgroup_create(&c->cgroup, &args) < 0)
		return EXIT_SETUP;
	if (child_start(&child, &args, inside, c) < 0)
		goto remove;
	if (cgroup_join(&c->cgroup, child.pid) < 0)
		status = child_abandon(&child);
	else
		status = child_run(&child);
	status = cgroup_stats(&c->cgroup, stderr, status);
remove:
	cgroup_remove(&c->cgroup);
	return status;
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
