/*
 * Limits: which file of a group gets which value.
 *
 * The options of the stages fill such a list; so can anything else.  The names
 * are those of cgroup v2, listed in the kernel's admin-guide/cgroup-v2.rst.
 */
#pragma once

#include "habits/options.h"

#define CGROUP_SETTINGS 16 /* as many as the options can ask for */

struct cgroup;

/* A limit that v1 and v2 are given in different words is in a list twice. */
enum cgroup_layout { CGROUP_ANY, CGROUP_V1_ONLY, CGROUP_V2_ONLY };

/*
 * One line of a list. `value` is the text that is written, without a newline.
 */
struct cgroup_setting {
	const char *file; /* "memory.max"; NULL ends a list */
	const char *value;
	bool is_optional; /* skip it where the kernel has no such limit */
	enum cgroup_layout layout; /* skip it where its controller is not */
	const char *origin; /* who asked for it, for messages; may be NULL */
};

extern const struct option_entry cgroup_options[];

/*
 * Write them, in order; the first that cannot be had is an error.  Of v2's
 * names, v1 understands a translation; a name of v1's own ("cpu.shares") is
 * written as it is where v1 has the controller.
 */
int cgroup_limit(const struct cgroup *cg, const struct cgroup_setting *list);
