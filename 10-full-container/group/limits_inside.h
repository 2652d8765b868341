/* Reading linux.resources: the parts, and how each notes its limits. */
#pragma once

#include "10-full-container/group/limits.h"

#define NOT_GIVEN INT64_MIN

/*
 * Note one more limit, which the member `key` of `object` asks for; the value
 * is made like printf(3) makes it.  The setting can be changed until the next
 * one is noted.  NULL after a message.
 */
struct cgroup_setting *limits_add(struct limits *resources,
				  const struct value *object, const char *key,
				  const char *file, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

/*
 * A number that a file takes as it is.  NOT_GIVEN adds nothing; a negative
 * one is "max", which holds as well where the kernel has no such limit.
 */
int limits_add_amount(struct limits *resources, const struct value *object,
		      const char *key, const char *file, int64_t amount);

/* ... only on this layout, and only if the kernel has the file there. */
int limits_add_only(struct limits *resources, const struct value *object,
		    const char *key, const char *file, int64_t amount,
		    enum cgroup_layout layout);

/* The parts, each in a file of its own; `node` is linux.resources. */
int limits_read_memory(struct limits *resources, const struct value *node);
int limits_read_cpu(struct limits *resources, const struct value *node);
int limits_read_io(struct limits *resources, const struct value *node);
int limits_read_pages(struct limits *resources, const struct value *node);
int limits_read_network(struct limits *resources, const struct value *node);
int limits_read_rdma(struct limits *resources, const struct value *node);
int limits_read_devices(struct limits *resources, const struct value *node);
