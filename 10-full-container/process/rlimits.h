/*
 * Resource limits: what a single process may use up, and its children after
 * it.  They are older than cgroups and still the only way to limit some
 * things: open files, the size of a core dump, locked memory.
 *
 * The soft limit counts; a process may raise it up to the hard one.
 */
#pragma once

#include <stdbool.h>
#include <sys/resource.h>

#include "10-full-container/guard/member.h"

struct rlimits {
	bool is_set[RLIM_NLIMITS]; /* by RLIMIT_*: is there one? */
	struct rlimit values[RLIM_NLIMITS];
};

member_read rlimits_read; /* process.rlimits */

/* In the child.  Raising a hard limit needs CAP_SYS_RESOURCE. */
int rlimits_apply(const struct rlimits *limits);
