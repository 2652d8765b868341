/*
 * linux.resources: the list of limits, the limit on processes, and those that
 * are given by the names of their files.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "05-cgroups/files.h"
#include "10-full-container/group/limits_inside.h"

/* "config.json: linux.resources.memory.limit: ", which begins a message. */
static char *limits_origin(const struct value *object, const char *key)
{
	struct value member = value_member(object, key);
	CLEANUP_FREE char *way = value_way(&member);
	char *origin = NULL;

	if (!way || asprintf(&origin, "%s: ", way) < 0)
		return NULL;
	return origin;
}

/*
 * The list ends with an empty setting after every call, so that it can be used
 * and freed at any time, also after a failure.
 */
struct cgroup_setting *limits_add(struct limits *r, const struct value *object,
				  const char *key, const char *file,
				  const char *format, ...)
{
	size_t size = (r->count + 2) * sizeof(struct cgroup_setting);
	struct cgroup_setting *settings = realloc(r->settings, size), *last;
	char *value = NULL;
	va_list list;

	if (settings) {
		va_start(list, format);
		if (vasprintf(&value, format, list) < 0)
			value = NULL;
		va_end(list);
		r->settings = settings;
		last = &settings[r->count++];
		*last = (struct cgroup_setting){ .file = strdup(file),
						 .value = value };
		last->origin = limits_origin(object, key);
		settings[r->count] = (struct cgroup_setting){ 0 };
		if (last->file && last->value && last->origin)
			return last;
	}
	error_call(NULL, "note a limit");
	return NULL;
}

/* The strings are const for those who have literals; these were made here. */
void limits_free(struct limits *r)
{
	for (size_t i = 0; i < r->count; i++) {
		free((char *)r->settings[i].file);
		free((char *)r->settings[i].value);
		free((char *)r->settings[i].origin);
	}
	free(r->settings);
	free(r->rules);
	*r = (struct limits){ 0 };
}

/* -1 is OCI's word for no limit, and so is any negative number. */
int limits_add_amount(struct limits *r, const struct value *object,
		      const char *key, const char *file, int64_t amount)
{
	struct cgroup_setting *setting;

	if (amount == NOT_GIVEN)
		return 0;
	if (amount >= 0)
		return limits_add(r, object, key, file, "%" PRId64, amount)
			       ? 0
			       : -1;
	setting = limits_add(r, object, key, file, "max");
	if (setting)
		setting->is_optional = true;
	return setting ? 0 : -1;
}

/*
 * What one layout says in another unit or scale is in the list once for each;
 * stage 05 writes the one that fits (settings.h).
 */
int limits_add_only(struct limits *r, const struct value *object,
		    const char *key, const char *file, int64_t amount,
		    enum cgroup_layout layout)
{
	struct cgroup_setting *setting =
		limits_add(r, object, key, file, "%" PRId64, amount);

	if (!setting)
		return -1;
	setting->is_optional = true;
	setting->layout = layout;
	return 0;
}

/*
 * 0 is a limit: the container is one process for ever.  But it has to be
 * born; so until then it is 1.
 */
static int limits_read_pids(struct limits *r, const struct value *node)
{
	int64_t limit = NOT_GIVEN;
	struct value pids;

	if (value_object(node, "pids", &pids) < 0 ||
	    value_integer(&pids, "limit", -1, INT64_MAX, &limit) < 0)
		return -1;
	r->forbids_fork = limit == 0;
	return limits_add_amount(r, &pids, "limit", "pids.max",
				 limit == 0 ? 1 : limit);
}

/* The kernel takes one line in one write(2). */
static int limits_add_lines(struct limits *r, const struct value *unified,
			    const char *file, const char *text)
{
	size_t length;

	for (; *text; text += length + (text[length] == '\n')) {
		length = strcspn(text, "\n");
		if (length > 0 && !limits_add(r, unified, file, file, "%.*s",
					      (int)length, text))
			return -1;
	}
	return 0;
}

/*
 * A value is written to any file, known or not (config-linux.md, "Unified").
 * These are no values: they move processes, change what the group is, stop or
 * kill, which is the runtime's work, and it would not know of it.
 */
static bool limits_is_action(const char *file)
{
	static const char actions[] =
		"cgroup.procs cgroup.threads cgroup.type "
		"cgroup.subtree_control cgroup.freeze cgroup.kill";

	return cgroup_has(actions, file);
}

/* Files of v2 by name, for what OCI has no word for. */
static int limits_read_unified(struct limits *r, const struct value *node)
{
	struct value unified;
	const char *value;

	if (value_object(node, "unified", &unified) < 0)
		return -1;
	for (void *i = value_first(&unified); i; i = value_next(&unified, i)) {
		struct value member = value_at(&unified, i);

		if (value_item_string(&member, &value) < 0)
			return -1;
		if (strchr(member.key, '/') || !strchr(member.key, '.'))
			return value_complain(&member, "for a file of a group: "
						       "a name with a . and no "
						       "/");
		if (limits_is_action(member.key))
			return value_complain(&member, "for a limit: this file "
						       "is the runtime's");
		if (limits_add_lines(r, &unified, member.key, value) < 0)
			return -1;
	}
	return 0;
}

/* What is given by a file's name comes last: it is meant exactly so. */
int limits_read(struct limits *r, const struct value *node)
{
	if (limits_read_memory(r, node) < 0 || limits_read_cpu(r, node) < 0 ||
	    limits_read_pids(r, node) < 0 || limits_read_io(r, node) < 0 ||
	    limits_read_pages(r, node) < 0 ||
	    limits_read_network(r, node) < 0 || limits_read_rdma(r, node) < 0 ||
	    limits_read_unified(r, node) < 0)
		return -1;
	return limits_read_devices(r, node);
}
