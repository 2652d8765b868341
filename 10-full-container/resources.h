/*
 * linux.resources: limits in OCI's words, which are those of cgroup v1.
 *
 * They become the list of (file, value) that stage 05 writes.  Its names are
 * those of v2, which it translates back where a machine still has v1.
 */
#pragma once

#include "05-cgroups/cgroup.h"
#include "10-full-container/device_rules.h"
#include "10-full-container/node.h"

struct resources {
	struct cgroup_setting *settings; /* ends with a file of NULL */
	size_t count;
	struct device_rule *rules; /* in order: a later one overrides */
	size_t rule_count;
};

/* Read `linux.resources`, or the same object from somewhere else. */
int resources_read(struct resources *resources, const struct node *node);
int resources_read_devices(struct resources *resources,
			   const struct node *node);
void resources_free(struct resources *resources);

/* Note one more limit; the value is made like printf(3) makes it. */
int resources_add(struct resources *resources, const char *file,
		  const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * Make the group at `path`, with these limits and device rules; `args` tells
 * clone3(2) to start the child in it.
 */
int resources_make_group(const struct resources *resources, const char *path,
			 struct cgroup *cg, struct clone_args *args);
