/*
 * linux.resources, read.
 *
 * A member of the table is read by its kind.  Some are counted in v2 otherwise
 * than in v1, whose words these are: swap, shares, a quota and its period.
 */
#include "10-full-container/group/limits_read.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "05-cgroups/beyond/lists.h"
#include "05-cgroups/beyond/settings.h"

#define NOT_GIVEN  INT64_MIN
#define SHARES_MIN 2
#define SHARES_MAX 262144

/* "config.json: linux.resources.memory.limit: ", which begins a message. */
static char *limits_origin(const struct value *by)
{
	CLEANUP_FREE char *way = value_way(by);
	char *origin = NULL;

	if (!way || asprintf(&origin, "%s: ", way) < 0)
		return NULL;
	return origin;
}

/*
 * The list ends with an empty setting after every call, so that it can be used
 * and freed at any time, also after a failure.
 */
int limits_add(struct limits *r, const struct value *by, const char *file,
	       const char *format, ...)
{
	size_t size = (r->count + 2) * sizeof(struct cgroup_limit);
	struct cgroup_limit *settings = realloc(r->settings, size), *last;
	char *value = NULL;
	va_list list;

	if (!settings)
		return error_call(NULL, "note a limit");
	va_start(list, format);
	if (vasprintf(&value, format, list) < 0)
		value = NULL;
	va_end(list);
	r->settings = settings;
	last = &settings[r->count++];
	*last = (struct cgroup_limit){ .file = strdup(file), .value = value };
	last->origin = limits_origin(by);
	settings[r->count] = (struct cgroup_limit){ 0 };
	return last->file && value && last->origin
		       ? 0
		       : error_call(NULL, "note a limit");
}

int limits_only(struct limits *r, enum cgroup_layout layout)
{
	r->settings[r->count - 1].is_optional = true;
	r->settings[r->count - 1].layout = layout;
	return 0;
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
	device_rules_free(&r->rules);
	*r = (struct limits){ 0 };
}

/* -1 is OCI's word for no limit, and so is any negative number. */
static int limits_add_amount(struct limits *r, const struct value *by,
			     const struct limit *row, int64_t amount)
{
	const struct cgroup_limit *last;

	if ((amount < 0 ? limits_add(r, by, row->file, "%s", row->none)
			: limits_add(r, by, row->file, "%" PRId64, amount)) < 0)
		return -1;
	last = &r->settings[r->count - 1];
	return row->none && strcmp(last->value, row->none) == 0
		       ? limits_only(r,
				     row->is_v1 ? CGROUP_V1_ONLY : CGROUP_ANY)
		       : 0;
}

/* A number of the same object, whose own row says whether it is right. */
static int64_t limits_beside(const struct value *by, const char *key)
{
	return json_integer_value(json_object_get(by->parent->value, key));
}

/* v1 limits memory and swap together, v2 swap alone. */
static int limits_add_swap(struct limits *r, const struct value *by,
			   const struct limit *row, int64_t sum)
{
	int64_t limit = limits_beside(by, "limit");

	if (sum < 0)
		return limits_add_amount(r, by, row, sum);
	if (limit == 0) /* the limit that the group has will count */
		return limits_add(r, by, "memory.memsw.limit_in_bytes",
				  "%" PRId64, sum);
	if (limit < 0 || sum < limit)
		return value_complain(by, "at least memory.limit: it is the "
					  "sum of memory and swap");
	if (limits_add_amount(r, by, row, sum - limit) < 0)
		return -1;
	/* Without swap there is no such file, and nothing to limit. */
	return sum == limit ? limits_only(r, CGROUP_ANY) : 0;
}

/* "No reservation" is no limit on v1, and no protection on v2. */
static int limits_add_reservation(struct limits *r, const struct value *by,
				  const struct limit *row, int64_t bytes)
{
	if (bytes > 0)
		return limits_add_amount(r, by, row, bytes);
	if (limits_add(r, by, "memory.soft_limit_in_bytes", "-1") < 0 ||
	    limits_only(r, CGROUP_V1_ONLY) < 0 ||
	    limits_add_amount(r, by, row, 0) < 0)
		return -1;
	return limits_only(r, CGROUP_V2_ONLY);
}

/*
 * v2 gets a weight, v1 the exact number.  A group that is idle takes no share,
 * and forgets the one that it has.
 */
static int limits_add_shares(struct limits *r, const struct value *by,
			     const struct limit *row, int64_t shares)
{
	if (limits_beside(by, "idle") == 1)
		return 0;
	if (shares < SHARES_MIN)
		shares = SHARES_MIN;
	if (limits_add_amount(r, by, row, v1_weight(shares)) < 0 ||
	    limits_add(r, by, "cpu.shares", "%" PRId64, shares) < 0)
		return -1;
	return limits_only(r, CGROUP_V1_ONLY);
}

/* What is not given stays as it is, or the kernel's default: 100000. */
static int limits_add_quota(struct limits *r, const struct value *by,
			    const struct limit *row, int64_t quota)
{
	int64_t period = limits_beside(by, "period");

	if (period == 0)
		return limits_add_amount(r, by, row, quota);
	if (quota < 0)
		return limits_add(r, by, row->file, "%s %" PRId64, row->none,
				  period);
	return limits_add(r, by, row->file, "%" PRId64 " %" PRId64, quota,
			  period);
}

/* Beside a quota it is written with that. */
static int limits_add_period(struct limits *r, const struct value *by,
			     const struct limit *row, int64_t period)
{
	return limits_beside(by, "quota") != 0
		       ? 0
		       : limits_add_amount(r, by, row, period);
}

static int limits_add_burst(struct limits *r, const struct value *by,
			    const struct limit *row, int64_t burst)
{
	int64_t quota = limits_beside(by, "quota");

	return quota > 0 && burst > quota
		       ? value_complain(by, "at most cpu.quota")
		       : limits_add_amount(r, by, row, burst);
}

/*
 * 0 is a limit: the container is one process for ever.  But it has to be
 * born; so until then it is 1.
 */
static int limits_add_pids(struct limits *r, const struct value *by,
			   const struct limit *row, int64_t limit)
{
	r->forbids_fork = limit == 0;
	return limits_add_amount(r, by, row, limit == 0 ? 1 : limit);
}

/* Ranges only; v1 and v2 have limits of their own on top. */
static const struct {
	int64_t low, high;
	int (*add)(struct limits *r, const struct value *by,
		   const struct limit *row, int64_t number);
} limits_kinds[] = {
	[LIMIT_BYTES] = { -1, INT64_MAX, limits_add_amount },
	[LIMIT_NUMBER] = { 0, UINT32_MAX, limits_add_amount },
	[LIMIT_TIME] = { 0, INT64_MAX, limits_add_amount },
	[LIMIT_PERCENT] = { 0, 100, limits_add_amount },
	[LIMIT_SWITCH] = { 0, 1, limits_add_amount },
	[LIMIT_BOOL] = { 0, 1, limits_add_amount },
	[LIMIT_SWAP] = { -1, INT64_MAX, limits_add_swap },
	[LIMIT_RESERVATION] = { -1, INT64_MAX, limits_add_reservation },
	[LIMIT_SHARES] = { 0, SHARES_MAX, limits_add_shares },
	[LIMIT_QUOTA] = { -1, INT64_MAX, limits_add_quota },
	[LIMIT_PERIOD] = { 0, INT64_MAX, limits_add_period },
	[LIMIT_BURST] = { 0, INT64_MAX, limits_add_burst },
	[LIMIT_PIDS] = { -1, INT64_MAX, limits_add_pids },
};

static int limits_read_number(const struct value *by, enum limit_kind kind,
			      int64_t *number)
{
	uint64_t percent;
	bool is_on;

	switch (kind) {
	case LIMIT_BOOL:
		if (value_item_bool(by, &is_on) < 0)
			return -1;
		*number = is_on;
		return 0;
	case LIMIT_PERCENT:
		if (value_item_unsigned(by, UINT64_MAX, &percent) < 0)
			return -1;
		/* 2^64 - 1, a -1 of Docker's: it is not given. */
		*number = percent == UINT64_MAX ? NOT_GIVEN : (int64_t)percent;
		return *number > 100 || (*number < 0 && *number != NOT_GIVEN)
			       ? value_complain(by, "an integer from 0 to 100")
			       : 0;
	default:
		return value_item_integer(by, limits_kinds[kind].low,
					  limits_kinds[kind].high, number);
	}
}

/* Those of disks are read with each disk's own: limits_lists.c. */
static int limits_read_row(struct limits *r, const struct value *object,
			   const struct limit *row)
{
	struct value by = value_member(object, row->member);
	const char *list;
	int64_t number;

	if (!by.value || row->kind == LIMIT_WEIGHT || row->kind == LIMIT_RATE)
		return 0;
	if (row->kind == LIMIT_LIST) { /* the kernel reads lists of this form */
		if (value_item_string(&by, &list) < 0)
			return -1;
		return list[0] ? limits_add(r, &by, row->file, "%s", list) : 0;
	}
	if (limits_read_number(&by, row->kind, &number) < 0)
		return -1;
	if (number == NOT_GIVEN || (number == 0 && !row->has_zero))
		return 0;
	return limits_kinds[row->kind].add(r, &by, row, number);
}

static int limits_read_table(struct limits *r, const struct value *from)
{
	struct value object;

	for (const struct limit *row = limits_table; row->file; row++)
		if (row->object &&
		    (value_object(from, row->object, &object) < 0 ||
		     limits_read_row(r, &object, row) < 0))
			return -1;
	if (value_object(from, "memory", &object) < 0)
		return -1;
	return value_bool(&object, "checkBeforeUpdate", &r->checks_usage);
}

/* The kernel takes one line in one write(2). */
static int limits_add_lines(struct limits *r, const struct value *by,
			    const char *text)
{
	size_t length;

	for (; *text; text += length + (text[length] == '\n')) {
		length = strcspn(text, "\n");
		if (length > 0 &&
		    limits_add(r, by, by->key, "%.*s", (int)length, text) < 0)
			return -1;
	}
	return 0;
}

/*
 * These are no values: they move processes, change what the group is, stop or
 * kill, which is the runtime's work, and it would not know of it.
 */
static const char unified_actions[] = "cgroup.procs cgroup.threads cgroup.type "
				      "cgroup.subtree_control cgroup.freeze "
				      "cgroup.kill";

/*
 * Files of v2 by name, for what OCI has no word for: a value is written to any
 * file, known or not (config-linux.md, "Unified").
 */
static int limits_read_unified(struct limits *r, const struct value *from)
{
	struct value unified;
	const char *value;

	if (value_object(from, "unified", &unified) < 0)
		return -1;
	for (void *i = value_first(&unified); i; i = value_next(&unified, i)) {
		struct value member = value_at(&unified, i);

		if (value_item_string(&member, &value) < 0)
			return -1;
		if (strchr(member.key, '/') || !strchr(member.key, '.'))
			return value_complain(&member, "for a file of a group: "
						       "a name with a . and no "
						       "/");
		if (cgroup_has(unified_actions, member.key))
			return value_complain(&member, "for a limit: this file "
						       "is the runtime's");
		if (limits_add_lines(r, &member, value) < 0)
			return -1;
	}
	return 0;
}

/* What is given by a file's name comes last: it is meant exactly so. */
int limits_read(struct limits *r, const struct value *from)
{
	if (limits_read_table(r, from) < 0 || limits_read_lists(r, from) < 0 ||
	    limits_read_unified(r, from) < 0)
		return -1;
	return device_rules_read(&r->rules, from);
}
