/*
 * Control groups: a budget for a set of processes.
 *
 * A cgroup is a directory and its knobs are files in it.  That is the whole
 * interface: mkdir makes one, a write sets a limit, rmdir removes it.  What
 * a process forks is born in its group, so nothing escapes by forking.
 *
 * Names are those of cgroup v2: one tree, all controllers.  Where a machine
 * still has v1's trees, cgroup_v1.c translates.  See cgroups(7).
 */
#pragma once

#include <linux/sched.h>
#include <stdio.h>
#include <sys/types.h>

#include "05-cgroups/beyond/settings.h"

struct cgroup {
	struct cgroup_setting settings[CGROUP_SETTINGS + 1];
	char text[CGROUP_SETTINGS][128];   /* values that were computed */
	const struct cgroup_setting *list; /* instead of them, any number */
	bool stats;                        /* report what was used */
	bool every_tree;  /* and every controller, also without limits */
	bool rules;       /* v1: there will be rules for devices */
	const char *path; /* NULL: a group of the kit's own */
	unsigned existed; /* in these trees, before cgroup_create() */
	bool unused;      /* nothing was started in it: nobody is killed */
	struct cgroup_tree *trees; /* what was found and made */
	char *claim; /* the file that says whose they are, open: claim.h */
	int claim_fd;
};

/*
 * Make the group, set the limits, and have clone3(2) start the child in it.
 * Groups that dead programs left are removed first.  A caller who may not
 * make groups gets none, which is an error only if there are settings.
 */
int cgroup_create(struct cgroup *cg, struct clone_args *args);

/* Move a process in where clone3 could not start it there: on v1. */
int cgroup_join(const struct cgroup *cg, pid_t pid);

/* In the child: its group becomes "/" in /proc/self/cgroup, and is closed. */
int cgroup_enter_namespace(struct cgroup *cg);

/* Stop or continue all processes; returns when they have.  Linux 5.2. */
int cgroup_freeze(const struct cgroup *cg, bool freeze);

/* SIGKILL to all processes; returns when they are gone.  Linux 5.14. */
int cgroup_kill(const struct cgroup *cg);

/* Say what was used, if asked, and if memory ran out.  The status to end with. */
int cgroup_stats(const struct cgroup *cg, FILE *out, int status);

/* Kill what is left in it, and remove what did not exist.  Repeatable. */
int cgroup_remove(struct cgroup *cg);

/* Remove what dead programs left; say what, and return how many groups. */
int cgroup_sweep(void);
