/*
 * linux.resources: limits in OCI's words, which are those of cgroup v1.
 *
 * They become the list of (file, value) that stage 05 writes.  Its names are
 * those of v2, which it translates back where a machine still has v1.  A name
 * of v1's own is for what v2 cannot do: there the kernel has no such file,
 * and the limit is refused.
 */
#pragma once

#include "05-cgroups/cgroup.h"
#include "07-caps/caps_sets.h"
#include "10-full-container/group/device_rules.h"
#include "10-full-container/guard/value.h"

struct limits {
	struct cgroup_setting *settings; /* ends with a file of NULL */
	size_t count;
	struct device_rule *rules; /* in order: a later one overrides */
	size_t rule_count;
	bool are_rules_default; /* config.json has none */
	bool forbids_fork;      /* pids.limit is 0, for a container that runs */
	bool checks_usage;      /* memory.checkBeforeUpdate */
};

/* Read `linux.resources`, or the same object from somewhere else. */
int limits_read(struct limits *resources, const struct value *node);
void limits_free(struct limits *resources);

/* For a new container without rules: it may use the standard devices. */
int limits_deny_devices(struct limits *resources);

/* Are there rules, and is the caller who can set some?  -1 after a message. */
int limits_have_rules(const struct limits *resources);

/*
 * Set them.  With `may_lack`, 1 and no message where the kernel takes none;
 * then limits_take_mknod() is due, which says so.
 */
int limits_limit_devices(const struct limits *resources,
			 const struct cgroup *cg, bool may_lack);
void limits_take_mknod(struct caps_sets *sets);

/*
 * Make the group at `path`, with these limits and device rules; `args` tells
 * clone3(2) to start the child in it.  1: without rules, as above.
 */
int limits_make_group(const struct limits *resources, const char *path,
		      struct cgroup *cg, struct clone_args *args);

/* What has to wait until the child is in the group. */
int limits_finish_group(const struct limits *resources,
			const struct cgroup *cg);

/*
 * Change the limits of a group that is open, while its processes run: those
 * that are not in `resources` stay.  At the first that cannot be had it
 * stops, after a message.
 */
int limits_update(const struct limits *resources, struct cgroup *cg);
