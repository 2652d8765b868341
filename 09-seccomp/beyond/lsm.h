/*
 * What is the process for?
 *
 * AppArmor and SELinux have rules of the system's owner, which bind root as
 * well.  All that came before asks who a process is and what it may do.  A
 * security module (LSM) asks what it is *for*: a profile of AppArmor lists
 * paths, a policy of SELinux compares the labels of process and file.  It can
 * only forbid what would else be allowed, and no right of the process changes
 * it.
 *
 * The kernel is told by a file of the process: what to be from its next exec
 * on.  So this program itself stays free, and the command is confined.
 */
#pragma once

#include <stdbool.h>

#include "habits/options.h"

struct lsm {
	const char *profile; /* AppArmor's; NULL: as it comes */
	const char *label;   /* SELinux's; NULL: as it comes */
	int profile_file, label_file;
};

extern const struct option_entry lsm_options[];

/* On either side: is it there and in use?  1, 0, or -1 after a message. */
int lsm_has_apparmor(void);
int lsm_has_selinux(void);

/*
 * In the child, while /proc is the host's: a container's could be anything
 * (CVE-2019-16884).  Opens what lsm_setup() writes to and closes.
 */
int lsm_open(struct lsm *lsm);

/*
 * In the child, shortly before the exec: choose.  A process that is made in
 * between and runs a program is confined, too.  The files are Linux 5.8
 * (AppArmor).
 */
int lsm_setup(const struct lsm *lsm);
