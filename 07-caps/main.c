/*
 * 07-caps: root inside, but not the machine's root.
 *
 * First the power of root is cut down to a list of capabilities; then, with
 * --userns, root inside becomes an ordinary user outside, and an ordinary
 * user can run all of this without sudo.
 *
 *     make rootfs
 *     sudo bin/07-caps --layer build/rootfs sh -c 'id -u; grep Cap /proc/self/status'
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
#include "07-caps/userns.h"

struct container {
	struct uts uts;
	struct pid pid;
	struct mounts mounts;
	struct rootfs rootfs;
	struct cgroup cgroup;
	struct overlay overlay;
	struct caps caps;
	struct userns userns;
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
	{ 0 },
};

static const struct program program = {
	.summary = "Run COMMAND as a root user with little power, or as no "
		   "root at all.",
	.example = "sudo bin/07-caps --layer build/rootfs grep Cap "
		   "/proc/self/status",
	.groups = groups,
};

static int parse_options(struct container *c, int argc, char **argv)
{
	return options_parse(&program, c, argc, argv, &c->command);
}

/*
 * The child's side: what happens in the new namespaces.  What is needed of the
 * host's files is opened before the root changes, and attached after it.
 * Capabilities go last: the steps before need them.
 */
static int inside(void *argument)
{
	struct container *c = argument;
	struct mount *mounts = rootfs_default_mounts(&c->rootfs);
	bool own_root = c->rootfs.path != NULL;

	if (child_wait_gate() < 0)
		return EXIT_SETUP;
	if (userns_enter(&c->userns) < 0)
		return EXIT_SETUP;
	if (uts_setup(&c->uts) < 0)
		return EXIT_SETUP;
	if (mounts_make_private() < 0)
		return EXIT_SETUP;
	if (mounts_open(mounts) < 0 || mounts_open(c->mounts.table) < 0)
		return EXIT_SETUP;
	if (overlay_setup(&c->overlay) < 0)
		return EXIT_SETUP;
	if (rootfs_enter(&c->rootfs) < 0)
		return EXIT_SETUP;
	if (mounts_attach(mounts, own_root) < 0 ||
	    rootfs_link_devices(&c->rootfs) < 0 ||
	    mounts_attach(c->mounts.table, own_root) < 0)
		return EXIT_SETUP;
	if (cgroup_enter_namespace(&c->cgroup) < 0)
		return EXIT_SETUP;
	if (caps_setup(&c->caps) < 0)
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
	if (child_start(&child, &args, inside, c) < 0)
		goto remove;
	if (cgroup_join(&c->cgroup, child.pid) < 0 ||
	    userns_map(&c->userns, child.pid) < 0 ||
	    userns_own(&c->userns, child.pid, rootfs) < 0 ||
	    userns_own_around(&c->userns, child.pid, c->overlay.upper) < 0 ||
	    userns_own(&c->userns, child.pid, c->overlay.layers) < 0)
		status = child_abandon(&child);
	else
		status = child_run(&child);
	status = cgroup_stats(&c->cgroup, stderr, status);
	if (overlay_report(&c->overlay) < 0)
		status = EXIT_SETUP;
remove:
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
