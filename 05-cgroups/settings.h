/*
 * Limits: which file of a group gets which value.
 *
 * The options of the stages fill such a list; so can anything else.  The names
 * are those of cgroup v2, listed in the kernel's admin-guide/cgroup-v2.rst.
 */
#pragma once

#include "01-uts/options.h"

#define CGROUP_SETTINGS 16 /* as many as the options can ask for */

struct cgroup;

/*
 * One line of a list. `value` is the text that is written, without a newline.
 */
struct cgroup_setting {
	const char *file; /* "memory.max"; NULL ends a list */
	const char *value;
	bool is_optional; /* skip it where the kernel has no such file */
};

extern const struct option_entry cgroup_options[];

/*
 * Write them, in order.  Of v2's names, v1 understands a translation; a name
 * of v1's own ("cpu.shares") is written as it is where v1 has the controller.
 */
int cgroup_limit(const struct cgroup *cg, const struct cgroup_setting *list);
