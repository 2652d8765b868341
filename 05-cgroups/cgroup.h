/*
 * Control groups: a budget for a set of processes.
 *
 * A cgroup is a directory and its knobs are files in it.  That is the whole
 * interface: mkdir makes one, a write sets a limit, rmdir removes it.  What
 * a process forks is born in its group, so nothing escapes by forking.
 *
 * All names here are those of cgroup v2, one tree with every controller.
 * Where a machine still has v1, one tree per controller, wholly or in part
 * ("hybrid"), cgroup_v1.c translates.  See cgroups(7).
 */
#pragma once

#include <linux/sched.h>
#include <stdio.h>
#include <sys/types.h>

#include "01-uts/options.h"

#define CGROUP_SETTINGS 16 /* that the options can ask for */
#define CGROUP_TREES    16

struct cgroup_setting {
	const char *file; /* "memory.max"; NULL ends a list */
	const char *value;
	bool is_optional; /* skip it where the kernel has no such file */
};

/* The container's group in one mounted tree. */
struct cgroup_tree {
	char *controllers; /* of this tree: "memory pids"; NULL: no tree */
	char *top;         /* the highest group the caller may write to */
	char *group;       /* the container's, below it; NULL: none here */
	int fd;            /* of that group; the lock on it says "in use" */
	bool is_v2;
};

struct cgroup {
	struct cgroup_setting settings[CGROUP_SETTINGS + 1];
	char text[CGROUP_SETTINGS][128]; /* of computed values */
	bool stats;                      /* report what was used */
	bool all_controllers;            /* not just those the settings need */
	const char *path; /* below the top; NULL: one of the kit's own */
	struct cgroup_tree trees[CGROUP_TREES]; /* [0] is v2's, others v1's */
};

extern const struct option_entry cgroup_options[];

/*
 * Make the group, set its limits, and have clone3(2) start the child in it
 * (v2; on v1 the child must cgroup_join).  First removes what dead programs
 * left.  Without any limit asked for, a caller who may not make groups gets
 * none, and that is no error.
 */
int cgroup_create(struct cgroup *cg, struct clone_args *args);

/* The same for the group that exists at `path`; `args` may be NULL. */
int cgroup_open(struct cgroup *cg, struct clone_args *args);

/* Write a list of limits.  On v1 each is translated; other names are kept. */
int cgroup_limit(const struct cgroup *cg, const struct cgroup_setting *list);

/* Move a process to the group where clone3 could not start it there: v1. */
int cgroup_join(const struct cgroup *cg, pid_t pid);

/*
 * In the child, once it is in its group: make that group the root of what it
 * sees in /proc/self/cgroup, and close its copies of the descriptors.
 */
int cgroup_enter_namespace(struct cgroup *cg);

/* Stop or continue all processes; returns when they have.  Linux 5.2. */
int cgroup_freeze(const struct cgroup *cg, bool freeze);

/* SIGKILL to all processes; returns when they are gone.  Linux 5.14. */
int cgroup_kill(const struct cgroup *cg);

/*
 * A number from a file of the group: ("pids.peak", NULL), or with the word
 * before it: ("cpu.stat", "usage_usec").  -1: the kernel does not have it.
 */
long long cgroup_read(const struct cgroup *cg, const char *file,
		      const char *key);

/* If asked for, say what was used.  That memory ran out is always said. */
void cgroup_stats(const struct cgroup *cg, FILE *out);

/* Kill what is left in the group and remove it.  May be called again. */
int cgroup_remove(struct cgroup *cg);

/*
 * Remove the groups of programs that were killed; groups in use are left
 * alone.  Says what it removed and returns how many.
 */
int cgroup_sweep(void);
