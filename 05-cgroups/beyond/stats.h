/* What is read from a group. */
#pragma once

#include "05-cgroups/cgroup.h"
#include "05-cgroups/files.h"

/* cgroup_read_text(), if it is there and counted: the answers of look.h. */
int cgroup_look_text(int dir, const char *file, char text[CGROUP_TEXT]);

/*
 * The only number in a text, or with a key the one on the line that begins
 * with this word; -1: there is none.
 */
long long cgroup_find_number(const char *text, const char *key);

/*
 * The number in a file: of the answers of look.h.  0 is also for a line that
 * is not there and for "max"; then *number is -1, and errno ENOENT.
 */
int cgroup_number(int dir, const char *file, const char *key,
		  long long *number);

/*
 * A number from whatever tree has it: ("pids.peak", NULL), or the one after a
 * word: ("cpu.stat", "usage_usec").  Of the answers of look.h; 0, and -1 in
 * *number: the kernel does not have it, or it is "max".
 */
int cgroup_read(const struct cgroup *cg, const char *file, const char *key,
		long long *number);
