/*
 * Control groups: a budget for a set of processes.
 *
 * A cgroup is a directory and its knobs are files in it.  That is the whole
 * interface: mkdir makes one, a write sets a limit, rmdir removes it.  What
 * a process forks is born in its group, so nothing escapes by forking.
 *
 * This is version 2: one tree, all controllers.  beyond/others.h has version 1.
 */
#pragma once

#include <linux/sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

#include "habits/options.h"

#define CGROUP_SETTINGS 16 /* as many as the options can ask for */

/* A limit is a file, and the text that is written to it. */
struct cgroup_setting {
	const char *file; /* NULL ends a list */
	const char *value;
	bool is_optional; /* skip it where the kernel has no such limit */
};

struct cgroup {
	struct cgroup_setting settings[CGROUP_SETTINGS + 1];
	char text[CGROUP_SETTINGS][128]; /* values that were computed */
	bool stats;                      /* report what was used */
	char *path;                      /* of the group; NULL: there is none */
	int dir;                         /* it, open */
	struct others *others;           /* what beyond/ knows of it */
};

extern const struct option_entry cgroup_options[];

/*
 * In the parent, before there is a child: make the group, limit it, and have
 * clone3(2) start the child in it.  Without settings there need not be one.
 */
int cgroup_create(struct cgroup *cg, struct clone_args *args);

/* In the parent, the child waits: move it in, which only v1 needs. */
int cgroup_join(const struct cgroup *cg, pid_t pid);

/* In the child: its group becomes "/" in what it sees, and is closed. */
int cgroup_enter_namespace(struct cgroup *cg);

/* In the parent: stop, continue (Linux 5.2) or kill all (5.14), and wait. */
int cgroup_freeze(const struct cgroup *cg, bool freeze);
int cgroup_kill(const struct cgroup *cg);

/* After it: what was used, and did memory run out?  The status to end with. */
int cgroup_stats(const struct cgroup *cg, FILE *out, int status);

/* After it: kill what is left, and remove it; or leave it.  Repeatable. */
int cgroup_remove(struct cgroup *cg);
void cgroup_close(struct cgroup *cg);
