/*
 * The last of the stages: options and a command make a container.
 *
 * What is new is small: CLONE_NEWIPC, and the clocks.  With them all eight
 * namespaces are the container's own.
 *
 *     sudo bin/10-full-container --rootfs build/rootfs --boottime 86400 uptime
 */
#include "10-full-container/last_stage.h"

#include <sys/capability.h>

#include "habits/error.h"
#include "habits/hints.h"
#include "01-uts/child.h"
#include "05-cgroups/beyond/existing.h"
#include "07-caps/beyond/userns_checks.h"
#include "07-caps/caps_sets.h"
#include "10-full-container/group/device_rules.h"
#include "10-full-container/ipc.h"

const struct option_group last_stage_options[STAGES_GROUPS] = {
	{ uts_options, offsetof(struct last_stage, uts) },
	{ pid_options, offsetof(struct last_stage, pid) },
	{ mounts_options, offsetof(struct last_stage, mounts) },
	{ rootfs_options, offsetof(struct last_stage, rootfs) },
	{ cgroup_options, offsetof(struct last_stage, cgroup) },
	{ overlay_options, offsetof(struct last_stage, overlay) },
	{ caps_options, offsetof(struct last_stage, caps) },
	{ userns_options, offsetof(struct last_stage, userns) },
	{ net_options, offsetof(struct last_stage, net) },
	{ lsm_options, offsetof(struct last_stage, lsm) },
	{ seccomp_options, offsetof(struct last_stage, seccomp) },
	{ clocks_options, offsetof(struct last_stage, clocks) },
	{ 0 },
};

static const struct program program = {
	.summary = "Run COMMAND in a container, or be an OCI runtime "
		   "(run, create, start, exec ...;\n`help` lists its verbs).",
	.example = hint_try_runtime,
	.groups = last_stage_options,
};

/* Without a verb: the options of all stages, in their order. */
static int parse_options(struct last_stage *c, int argc, char **argv)
{
	return options_parse(&program, c, argc, argv, &c->command);
}

/*
 * The child's side: what happens in the new namespaces.
 *
 * In this order: ids first, since what is made belongs to who makes it; then
 * what needs the host's files, the root, and what is resolved inside it; last
 * what takes rights away, and of that the filter last of all.
 */
static int inside(void *argument)
{
	struct last_stage *c = argument;
	struct mount *mounts = rootfs_default_mounts(&c->rootfs);
	bool own_root = c->rootfs.path != NULL;
	struct mount *names = net_mounts(&c->net, own_root);
	struct mount *queues = ipc_mounts(own_root);

	if (child_wait_gate() < 0)
		return EXIT_SETUP;
	if (c->userns.enabled && clocks_enter(&c->clocks) < 0)
		return EXIT_SETUP;
	if (userns_enter(&c->userns) < 0)
		return EXIT_SETUP;
	if (uts_setup(&c->uts) < 0)
		return EXIT_SETUP;
	if (mounts_make_private() < 0)
		return EXIT_SETUP;
	if (overlay_setup(&c->overlay) < 0)
		return EXIT_SETUP;
	if (mounts_open(mounts) < 0 || mounts_open(names) < 0 ||
	    mounts_open(queues) < 0 || mounts_open(c->mounts.table) < 0)
		return EXIT_SETUP;
	if (lsm_open(&c->lsm) < 0)
		return EXIT_SETUP;
	if (rootfs_enter(&c->rootfs) < 0)
		return EXIT_SETUP;
	if (mounts_attach(mounts, own_root) < 0 ||
	    mounts_attach(queues, own_root) < 0 ||
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
 * What a runtime does without being asked, and no stage before: a device file
 * can be made, and not opened.
 */
static int forbid_devices(struct last_stage *c)
{
	struct device_rules standard = { 0 };
	struct caps_sets taken = { 0 };
	int result = -1;

	if (device_rules_deny(&standard) == 0)
		result = device_rules_set(&standard, &c->cgroup, true);
	device_rules_free(&standard);
	if (result > 0 && !c->userns.enabled) {
		taken = caps_plan(&c->caps, caps_available(CAPS_ALL));
		device_rules_take_mknod(&taken);
		c->caps.dropped |= CAPS_BIT(CAP_MKNOD);
		c->caps.added &= ~CAPS_BIT(CAP_MKNOD);
		c->caps.named &= ~CAPS_BIT(CAP_MKNOD);
	}
	return result < 0 ? -1 : 0;
}

/*
 * The parent's side: what happens on the host.  What was made goes in reverse
 * order, also when a step in the middle has failed: hence the goto.
 */
static int outside(struct last_stage *c)
{
	struct clone_args args = { .flags = CLONE_NEWUTS | CLONE_NEWPID |
					    CLONE_NEWNS | CLONE_NEWIPC };
	const char *rootfs[] = { c->rootfs.path, NULL };
	struct child child;
	int status = EXIT_SETUP, is_root;

	child_hold_signals();
	c->clocks.own = true;
	if (c->userns.enabled)
		args.flags |= CLONE_NEWUSER;
	if (userns_plan(&c->userns, c->caps.uid, c->caps.gid) < 0)
		return EXIT_SETUP;
	if (overlay_prepare(&c->overlay, &c->rootfs) < 0)
		goto remove;
	is_root = userns_is_host_root();
	if (is_root < 0)
		goto remove;
	if (cgroup_expect_rules(&c->cgroup, is_root) < 0 ||
	    cgroup_create(&c->cgroup, &args) < 0)
		goto remove;
	if (forbid_devices(c) < 0)
		goto remove;
	if (net_prepare(&c->net, &args) < 0)
		goto remove;
	if (!c->userns.enabled &&
	    clocks_setup(&c->clocks, clocks_open(&c->clocks)) < 0)
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

int last_stage_main(int argc, char **argv)
{
	struct last_stage c = { 0 };

	switch (parse_options(&c, argc, argv)) {
	case 0:
		return outside(&c);
	case 1:
		return 0;
	default:
		return EXIT_USAGE;
	}
}
