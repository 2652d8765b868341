/* Device files: six harmless ones, and what config.json lists. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "10-full-container/guard/member.h"
#include "10-full-container/root/oci_mounts.h"

struct device {
	const char *path; /* NULL ends a list */
	mode_t mode;      /* type and permissions, as for mknod(2) */
	unsigned int major, minor;
	uint32_t uid, gid;
};

member_read devices_read; /* linux.devices: a struct device *, for free() */

struct devices_place {
	const struct device *devices; /* those of config.json, or NULL */
	const struct oci_mount *mounts;
	int root;
	bool can_make; /* no: the host's files are bound, not new ones made */
};

/*
 * In the child, with its /dev in place below `root`: the standard devices and
 * links, and `devices`.
 */
int devices_make(const struct devices_place *place);
