/*
 * What a container uses, as JSON: processor, memory, processes, disks.
 *
 * The kernel counts for each group, in files whose names and units differ
 * between cgroup v1 and v2.  Engines read one format, runc's.
 */
#pragma once

#include <jansson.h>

#include "05-cgroups/beyond/existing.h"

/* All that this kernel counts.  A new object, or NULL after a message. */
json_t *usage_read(const struct cgroup *cg);
