/*
 * A group of resctrl: which part of the processor's cache, and how much of
 * the way to memory, its processes may use.
 *
 * Like a cgroup it is a directory with files, in a file system of its own
 * (resctrl), but most processors have room for few groups, and a process is in
 * exactly one.  Below each, groups in mon_groups only count.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

struct rdt_group {
	const char *name;    /* "/" is the top itself */
	bool may_be_made;    /* if it is not there */
	const char *l3, *mb; /* lines of its schemata, written first; or NULL */
	char **schemata;     /* more lines; ends with NULL; or NULL */
	const char *monitor; /* the name of a group in mon_groups; or NULL */

	bool is_made, is_monitored; /* what rdt_group_enter() has made */
};

/*
 * Put the process into the group below `top`, a descriptor of resctrl.  One
 * that is there already must have these lines in its schemata: a group can be
 * shared, but not changed.  -1 after a message, and nothing is left.
 */
int rdt_group_enter(struct rdt_group *group, int top, pid_t pid);

/* Remove what it has made; no error if it is gone. */
int rdt_group_remove(const struct rdt_group *group, int top);
