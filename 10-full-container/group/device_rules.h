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

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "05-cgroups/cgroup.h"

#define DEVICE_ANY (-1)

/* The kinds of access, with the numbers of BPF_DEVCG_ACC_*. */
enum { DEVICE_MKNOD = 1, DEVICE_READ = 2, DEVICE_WRITE = 4, DEVICE_ALL = 7 };

struct device_rule {
	bool allow;
	char type;            /* 'c', 'b', or 'a' for both */
	int64_t major, minor; /* or DEVICE_ANY */
	unsigned int access;  /* or-ed; without any it forbids nothing */
	bool is_standard;     /* the runtime's own, not config.json's */
};

/*
 * Attach the rules to the v2 group that `group` is open on.  Of the rules
 * that match the last one decides; where none does, it is a no.
 * Linux 4.15; needs CAP_SYS_ADMIN, or CAP_BPF and CAP_NET_ADMIN.  Quiet: a
 * failure has no message.
 */
int device_rules_attach(const struct device_rule *rules, size_t count,
			int group, bool is_quiet);

/*
 * The same on v1.  An exception to an exception, which v1 does not have, is
 * an error.
 */
int device_rules_write(const struct device_rule *rules, size_t count,
		       const struct cgroup *cg, bool is_quiet);
