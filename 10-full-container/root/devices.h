/* Device files: six harmless ones, and what config.json lists. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "10-full-container/guard/member.h"

struct device {
	const char *path; /* NULL ends a list */
	mode_t mode;      /* type and permissions, as for mknod(2) */
	unsigned int major, minor;
	uint32_t uid, gid;
};

member_read devices_read; /* linux.devices: a struct device *, for free() */

/*
 * In the child, with its /dev in place below `root`: the standard devices
 * and links, then `devices` (may be NULL).  `can_make`: false in a user
 * namespace, where the host's files are bound instead of making new ones.
 */
int devices_make(const struct device *devices, int root, bool can_make);
