/*
 * linux.resources becomes the list of (file, value) that stage 05 writes: as
 * the table has it (limits.h), or by a function for what v2 counts otherwise.
 */
#pragma once

#include "05-cgroups/beyond/existing.h"
#include "10-full-container/group/device_rules.h"
#include "10-full-container/group/limits.h"
#include "10-full-container/guard/value.h"

struct limits {
	struct cgroup_limit *settings; /* ends with a file of NULL */
	size_t count;
	struct device_rules rules;
	bool forbids_fork; /* pids.limit is 0, for a container that runs */
	bool checks_usage; /* memory.checkBeforeUpdate */
};

/* Read `linux.resources`, or the same object from somewhere else. */
int limits_read(struct limits *resources, const struct value *from);
void limits_free(struct limits *resources);

/* What has a value for each disk, size or device: limits_lists.c. */
int limits_read_lists(struct limits *resources, const struct value *from);

/*
 * Note one more limit, which the value `by` asks for; what is written is made
 * like printf(3) makes it.
 */
int limits_add(struct limits *resources, const struct value *by,
	       const char *file, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/*
 * The last one is only for this layout, and only if the kernel has the file
 * there: what one layout says in another scale is in the list for each.  0.
 */
int limits_only(struct limits *resources, enum cgroup_layout layout);
