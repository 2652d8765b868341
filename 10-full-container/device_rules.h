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

#define DEVICE_ANY (-1)

struct device_rule {
	bool allow;
	char type;            /* 'c', 'b', or 'a' for both */
	int64_t major, minor; /* or DEVICE_ANY */
	unsigned int access;  /* BPF_DEVCG_ACC_*, or-ed */
};

/*
 * Attach the rules to the v2 group that `group` is open on.  Of the rules
 * that match the last one decides; where none does, it is a no.
 * Linux 4.15; needs CAP_SYS_ADMIN, or CAP_BPF and CAP_NET_ADMIN.
 */
int device_rules_attach(const struct device_rule *rules, size_t count,
			int group);

/* "c 1:3 rwm", as v1 has it. */
#define DEVICE_RULE_TEXT 64
void device_rule_print(const struct device_rule *rule,
		       char text[DEVICE_RULE_TEXT]);
