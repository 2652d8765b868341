/*
 * 09-seccomp: fewer system calls.
 *
 * The filter is the last thing before the command: all that comes earlier
 * needs calls that the filter takes away.
 *
 *     make rootfs
 *     sudo bin/09-seccomp --layer build/rootfs --deny mkdir mkdir /tmp/x
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
#include "06-overlay/overlay.h"
#include "07-caps/caps.h"
#include "07-caps/caps_sets.h"
#include "07-caps/userns.h"
#include "08-netns/net.h"
#include "09-seccomp/beyond/lsm.h"
#include "09-seccomp/seccomp.h"

struct container {
	struct uts uts;
	struct pid pid;
	struct mounts mounts;
	struct rootfs rootfs;
	struct cgroup cgroup;
	struct overlay overlay;
	struct caps caps;
	struct userns userns;
	struct net net;
	struct lsm lsm;
	struct seccomp seccomp;
	char **command;
};

static const struct option_group groups[] = {
	{ uts_options, offsetof(struct container, uts) },
	{ pid_options, offsetof(struct container, pid) },
	{ mounts_options, offsetof(struct container, mounts) },
	{ rootfs_options, offsetof(struct container, rootfs) },
	{ cgroup_options, offsetof(struct container, cgroup) },
	{ overlay_options, offsetof(struct container, overlay) },
	{ caps_options, offsetof(struct container, caps) },
	{ userns_options, offsetof(struct container, userns) },
	{ net_options, offsetof(struct container, net) },
	{ lsm_options, offsetof(struct container, lsm) },
	{ seccomp_options, offsetof(struct container, seccomp) },
	{ 0 },
};

static const struct program program = {
	.summary = "Run COMMAND behind a filter for system calls.",
	.example = "sudo bin/09-seccomp --layer build/rootfs --deny mkdir "
		   "sh -c 'mkdir /tmp/x || echo denied'",
	.groups = groups,
};

static int parse_options(struct container *c, int argc, char **argv)
{
	return options_parse(&program, c, argc, argv, &c->command);
}

/*
 * The child's side: what happens in the new namespaces.  What is needed of the
 * host's files is opened before the root changes, and attached after it.
 * Capabilities go last, since the steps before need them, then system calls.
 */
static int inside(void *argument)
{
	struct container *c = argument;
	struct mount *mounts = rootfs_default_mounts(&c->rootfs);
	bool own_root = c->rootfs.path != NULL;
	struct mount *names = net_mounts(&c->net, own_root);

	if (child_wait_gate() < 0)
		return EXIT_SETUP;
	if (userns_enter(&c->userns) < 0)
		return EXIT_SETUP;
	if (uts_setup(&c->uts) < 0)
		return EXIT_SETUP;
	if (mounts_make_private() < 0)
		return EXIT_SETUP;
	if (mounts_open(mounts) < 0 || mounts_open(names) < 0 ||
	    mounts_open(c->mounts.table) < 0)
		return EXIT_SETUP;
	if (overlay_setup(&c->overlay) < 0)
		return EXIT_SETUP;
	if (lsm_open(&c->lsm) < 0)
		return EXIT_SETUP;
	if (rootfs_enter(&c->rootfs) < 0)
		return EXIT_SETUP;
	if (mounts_attach(mounts, own_root) < 0 ||
	    rootfs_link_devices(&c->rootfs) < 0 ||
	    mounts_attach(names, own_root) < 0 ||
	    mounts_attach(c->mounts.table, own_root) < 0)
		return EXIT_SETUP;
	if (cgroup_enter_namespace(&c->cgroup) < 0)
		return EXIT_SETUP;
	if (net_setup(&c->net) < 0)
		return EXIT_SETUP;
	if (caps_setup(&c->caps) < 0)
		return EXIT_SETUP;
	if (lsm_setup(&c->lsm) < 0)
		return EXIT_SETUP;
	if (rootfs_let_go() < 0)
		return EXIT_SETUP;
	if (seccomp_setup(&c->seccomp, caps_available(CAPS_ALL)) < 0)
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
	const char *rootfs[] = { c->rootfs.path, NULL };
	struct child child;
	int status = EXIT_SETUP;

	child_hold_signals();
	if (c->userns.enabled)
		args.flags |= CLONE_NEWUSER;
	if (userns_plan(&c->userns, c->caps.uid, c->caps.gid) < 0)
		return EXIT_SETUP;
	if (overlay_prepare(&c->overlay, &c->rootfs) < 0)
		goto remove;
	if (cgroup_create(&c->cgroup, &args) < 0)
		goto remove;
	if (net_prepare(&c->net, &args) < 0)
		goto remove;
	if (child_start(&child, &args, inside, c) < 0)
		goto remove;
	if (cgroup_join(&c->cgroup, child.pid) < 0 ||
	    userns_map(&c->userns, child.pid) < 0 ||
	    userns_own(&c->userns, child.pid, rootfs) < 0 ||
	    userns_own_around(&c->userns, child.pid, c->overlay.upper) < 0 ||
	    userns_own(&c->userns, child.pid, c->overlay.layers) < 0 ||
	    net_connect(&c->net, child.pid) < 0)
		status = child_abandon(&child);
	else
		status = child_run(&child);
	status = cgroup_stats(&c->cgroup, stderr, status);
	if (overlay_report(&c->overlay) < 0)
		status = EXIT_SETUP;
remove:
	net_remove(&c->net);
	cgroup_remove(&c->cgroup);
	overlay_remove(&c->overlay);
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
