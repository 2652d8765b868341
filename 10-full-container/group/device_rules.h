/*
 * Which devices may be used, whatever files for them exist.
 *
 * A container that may call mknod(2) could make a file for the host's disk.
 * So the kernel asks a second time, at open(2) and mknod(2): on cgroup v1 the
 * devices controller, on v2 a small eBPF program that is attached to the
 * group.  It is given the kind of access and the two numbers, and says yes
 * or no.
 */
#pragma once

#include "05-cgroups/cgroup.h"
#include "07-caps/caps_sets.h"
#include "10-full-container/guard/value.h"

#define DEVICE_ANY (-1)

/* The kinds of access, with the numbers of BPF_DEVCG_ACC_*. */
enum { DEVICE_MKNOD = 1, DEVICE_READ = 2, DEVICE_WRITE = 4, DEVICE_ALL = 7 };

struct device_rules {
	struct device_rule {
		bool allow;
		char type;            /* 'c', 'b', or 'a' for both */
		int64_t major, minor; /* or DEVICE_ANY */
		unsigned int access; /* or-ed; without any it forbids nothing */
		bool is_standard;    /* the runtime's own, not config.json's */
	} * list; /* in order: of those that match the last one decides */
	size_t count;
	bool are_default; /* config.json has none */
};

/* Read linux.resources.devices. */
int device_rules_read(struct device_rules *rules,
		      const struct value *resources);
void device_rules_free(struct device_rules *rules);

/* For a new container without rules: it may use the standard devices. */
int device_rules_deny(struct device_rules *rules);

/* Are there rules, and is the caller who can set some?  -1 after a message. */
int device_rules_can_be_set(const struct device_rules *rules);

/*
 * Set them; where none matches, it is a no.  With `may_lack`, 1 and no message
 * where the kernel takes none; then device_rules_take_mknod() is due, which
 * says so.
 */
int device_rules_set(const struct device_rules *rules, const struct cgroup *cg,
		     bool may_lack);
void device_rules_take_mknod(struct caps_sets *sets);

/*
 * v2 (Linux 4.15; needs CAP_SYS_ADMIN, or CAP_BPF and CAP_NET_ADMIN), and v1,
 * which has no exceptions to an exception.  Quiet: a failure has no message.
 */
int device_rules_attach(const struct device_rules *rules, int group,
			bool is_quiet);
int device_rules_write(const struct device_rules *rules,
		       const struct cgroup *cg, bool is_quiet);
