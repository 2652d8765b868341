/*
 * A container as options describe it.
 *
 * The program without a verb makes it, as the stages before did; `spec` writes
 * it as a config.json instead, and `run` then makes the same container.
 */
#pragma once

#include "01-uts/uts.h"
#include "02-pid/pid.h"
#include "03-mount/mounts.h"
#include "04-chroot/rootfs.h"
#include "05-cgroups/cgroup.h"
#include "06-overlay/overlay.h"
#include "07-caps/caps.h"
#include "07-caps/userns.h"
#include "08-netns/net.h"
#include "09-seccomp/beyond/lsm.h"
#include "09-seccomp/seccomp.h"
#include "10-full-container/clocks.h"

struct last_stage {
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
	struct clocks clocks;
	char **command;
};

#define STAGES_GROUPS 16
extern const struct option_group last_stage_options[STAGES_GROUPS];

/* The program before it had verbs.  Returns the exit status. */
int last_stage_main(int argc, char **argv);
