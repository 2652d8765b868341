/* Kernel parameters of a container's own. */
#pragma once

#include "10-full-container/guard/value.h"
#include "10-full-container/spaces/namespaces.h"

struct sysctl {
	const char *name, *value; /* a name of NULL ends a list */
};

/* Read linux.sysctl; free() the list. */
int sysctl_read(struct sysctl **list, const struct value *object,
		const struct namespaces *namespaces);

/*
 * In the child, before it enters its root: write them through the host's
 * /proc.  The kernel looks up whose network and whose queues are meant, and a
 * /proc of the image's making cannot deceive us.
 */
int sysctl_write(const struct sysctl *list);
