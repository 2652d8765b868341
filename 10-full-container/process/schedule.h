/*
 * Whose turn it is: at the processors, and at the disks.
 *
 * A cgroup says what share a container gets.  A scheduling policy says how
 * one process competes for it: in turns with others, before all others
 * (real time), or only when nobody else wants to.  A child inherits it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "10-full-container/guard/number_list.h"

/* What sched_setattr(2) takes; not in the headers of glibc 2.35. */
struct schedule_attr {
	uint32_t size, policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime, deadline, period; /* nanoseconds */
	uint32_t util_min, util_max;
};

struct schedule {
	const char *policy; /* its name, or NULL: as it comes */
	struct schedule_attr attr;
	int io_priority; /* class and level for ioprio_set(2); 0: as it comes */
	struct number_list initial, final; /* processors: only for `exec` */
};

/* scheduler, ioPriority and execCPUAffinity of `process`. */
extern const struct member schedule_members[];

/* In the child, while it has its capabilities: policy and priorities. */
int schedule_apply(const struct schedule *schedule);

/* Run only on these processors; an empty list leaves it as it is. */
int schedule_choose_cpus(const struct number_list *cpus);

/* On all that its group allows: not only where the caller was bound to. */
int schedule_free_cpus(void);
