/*
 * How the options of this stage are read: each becomes a line, or two, of the
 * list of limits in struct cgroup.
 *
 * The parsers have the shape of habits/options.h: `field` is the struct cgroup,
 * `name` the option for messages.  They return -1 after a message.
 */
#pragma once

#include "05-cgroups/cgroup.h"

/*
 * Add one setting; `format` makes its value.  An option that is given twice
 * is written twice, so the later value stays.  Returns NULL after a message.
 */
struct cgroup_setting *cgroup_add(struct cgroup *cg, const char *name,
				  const char *file, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/*
 * Digits, and with `units` one of K, M, G, T after them (powers of 1024).
 * Returns the number, or -1: nothing else may follow, and it must fit.
 */
long long cgroup_parse_number(const char *text, const char *units);

/* "/dev/vda:rbps=10M,wbps=1M", "/dev/vda:weight=50" or "weight=50". */
int cgroup_parse_io(void *field, const char *name, const char *value);
