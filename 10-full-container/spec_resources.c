/* linux.resources: memory, cpu, pids, disks, pages, devices. */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "01-uts/cleanup.h"
#include "01-uts/error.h"
#include "10-full-container/resources.h"

#define NOT_GIVEN INT64_MIN

int resources_add(struct resources *r, const char *file, const char *format,
		  ...)
{
	size_t size = (r->count + 2) * sizeof(struct cgroup_setting);
	struct cgroup_setting *settings = realloc(r->settings, size);
	char *value = NULL;
	va_list list;

	if (!settings)
		return error_call(NULL, "note a limit");
	r->settings = settings;
	va_start(list, format);
	if (vasprintf(&value, format, list) < 0)
		value = NULL;
	va_end(list);
	settings[r->count++] =
		(struct cgroup_setting){ .file = file, .value = value };
	settings[r->count] = (struct cgroup_setting){ 0 };
	return value ? 0 : error_call(NULL, "note a limit");
}

void resources_free(struct resources *r)
{
	for (size_t i = 0; i < r->count; i++)
		free((char *)r->settings[i].value);
	free(r->settings);
	free(r->rules);
	*r = (struct resources){ 0 };
}

/* A number of bytes or of tasks; -1 is "no limit". */
static int resources_add_amount(struct resources *r, const char *file,
				int64_t amount)
{
	if (amount == NOT_GIVEN)
		return 0;
	if (amount < 0)
		return resources_add(r, file, "max");
	return resources_add(r, file, "%" PRId64, amount);
}

/* OCI counts memory and swap together, v2 swap alone. */
static int resources_add_swap(struct resources *r, const struct node *memory,
			      int64_t limit, int64_t swap)
{
	struct node node = { .parent = memory, .key = "swap" };

	if (swap == NOT_GIVEN || (swap == 0 && limit != NOT_GIVEN))
		return 0;
	node.value = json_object_get(memory->value, "swap");
	if (swap < 0)
		return resources_add(r, "memory.swap.max", "max");
	if (limit == NOT_GIVEN || limit < 0 || swap < limit)
		return node_complain(&node, "at least memory.limit: it is the "
					    "sum of memory and swap");
	if (resources_add(r, "memory.swap.max", "%" PRId64, swap - limit) < 0)
		return -1;
	/* Without swap there is no such file, and nothing to limit. */
	r->settings[r->count - 1].is_optional = swap == limit;
	return 0;
}

static int resources_read_memory(struct resources *r, const struct node *node)
{
	int64_t limit = NOT_GIVEN, low = NOT_GIVEN, swap = NOT_GIVEN;
	int64_t swappiness = NOT_GIVEN;
	bool no_killer = false;
	struct node memory;

	if (node_object(node, "memory", &memory) < 0 ||
	    node_integer(&memory, "limit", -1, INT64_MAX, &limit) < 0 ||
	    node_integer(&memory, "reservation", -1, INT64_MAX, &low) < 0 ||
	    node_integer(&memory, "swap", -1, INT64_MAX, &swap) < 0 ||
	    node_integer(&memory, "swappiness", 0, 100, &swappiness) < 0 ||
	    node_bool(&memory, "disableOOMKiller", &no_killer) < 0)
		return -1;
	if (resources_add_amount(r, "memory.max", limit) < 0 ||
	    resources_add_swap(r, &memory, limit, swap) < 0 ||
	    resources_add_amount(r, "memory.low", low) < 0)
		return -1;
	if (swappiness != NOT_GIVEN &&
	    resources_add(r, "memory.swappiness", "%" PRId64, swappiness) < 0)
		return -1;
	return no_killer ? resources_add(r, "memory.oom_control", "1") : 0;
}

/*
 * v1's shares, 2 to 262144, are v2's weight, 1 to 10000.  Where there is v1,
 * cpu.shares follows with the exact number; v2 has no such file.
 */
static int resources_add_shares(struct resources *r, int64_t shares)
{
	if (shares == NOT_GIVEN || shares == 0)
		return 0;
	if (shares < 2)
		shares = 2;
	if (resources_add(r, "cpu.weight", "%" PRId64,
			  1 + (shares - 2) * 9999 / 262142) < 0 ||
	    resources_add(r, "cpu.shares", "%" PRId64, shares) < 0)
		return -1;
	r->settings[r->count - 1].is_optional = true;
	return 0;
}

static int resources_add_quota(struct resources *r, int64_t quota,
			       int64_t period)
{
	if (quota == NOT_GIVEN && period == NOT_GIVEN)
		return 0;
	if (period == NOT_GIVEN || period == 0)
		period = 100000; /* the kernel's default, in microseconds */
	if (quota == NOT_GIVEN || quota <= 0)
		return resources_add(r, "cpu.max", "max %" PRId64, period);
	return resources_add(r, "cpu.max", "%" PRId64 " %" PRId64, quota,
			     period);
}

static int resources_read_cpu(struct resources *r, const struct node *node)
{
	int64_t shares = NOT_GIVEN, quota = NOT_GIVEN, period = NOT_GIVEN;
	int64_t burst = NOT_GIVEN, idle = NOT_GIVEN;
	const char *cpus = "", *mems = "";
	struct node cpu;

	if (node_object(node, "cpu", &cpu) < 0 ||
	    node_integer(&cpu, "shares", 0, 262144, &shares) < 0 ||
	    node_integer(&cpu, "quota", -1, INT64_MAX, &quota) < 0 ||
	    node_integer(&cpu, "period", 0, INT64_MAX, &period) < 0 ||
	    node_integer(&cpu, "burst", 0, INT64_MAX, &burst) < 0 ||
	    node_integer(&cpu, "idle", 0, 1, &idle) < 0 ||
	    node_string(&cpu, "cpus", &cpus) < 0 ||
	    node_string(&cpu, "mems", &mems) < 0)
		return -1;
	if (resources_add_shares(r, shares) < 0 ||
	    resources_add_quota(r, quota, period) < 0 ||
	    resources_add_amount(r, "cpu.max.burst", burst) < 0 ||
	    resources_add_amount(r, "cpu.idle", idle) < 0)
		return -1;
	if (cpus[0] && resources_add(r, "cpuset.cpus", "%s", cpus) < 0)
		return -1;
	return mems[0] ? resources_add(r, "cpuset.mems", "%s", mems) : 0;
}

static int resources_read_pids(struct resources *r, const struct node *node)
{
	int64_t limit = NOT_GIVEN;
	struct node pids;

	if (node_object(node, "pids", &pids) < 0 ||
	    node_integer(&pids, "limit", -1, INT64_MAX, &limit) < 0)
		return -1;
	return resources_add_amount(r, "pids.max", limit);
}

/* One of the four lists of rates: throttleReadBpsDevice and so on. */
static int resources_read_rates(struct resources *r, const struct node *io,
				const char *key, const char *word)
{
	int64_t major = 0, minor = 0;
	uint64_t rate = 0;
	struct node array;

	if (node_array(io, key, &array) < 0)
		return -1;
	for (size_t i = 0; i < node_count(&array); i++) {
		struct node item = node_item(&array, i);

		if (node_item_object(&item) < 0 ||
		    node_require(&item, "major") < 0 ||
		    node_require(&item, "minor") < 0 ||
		    node_require(&item, "rate") < 0 ||
		    node_integer(&item, "major", 0, 4095, &major) < 0 ||
		    node_integer(&item, "minor", 0, 1048575, &minor) < 0 ||
		    node_unsigned(&item, "rate", UINT64_MAX, &rate) < 0 ||
		    resources_add(r, "io.max",
				  "%" PRId64 ":%" PRId64 " %s=%" PRIu64, major,
				  minor, word, rate) < 0)
			return -1;
	}
	return 0;
}

/* Weights of 10 to 1000 become 1 to 10000. */
static int resources_read_io(struct resources *r, const struct node *node)
{
	int64_t weight = 0;
	struct node io;

	if (node_object(node, "blockIO", &io) < 0 ||
	    node_integer(&io, "weight", 0, 1000, &weight) < 0)
		return -1;
	if (weight >= 10 && resources_add(r, "io.weight", "default %" PRId64,
					  1 + (weight - 10) * 9999 / 990) < 0)
		return -1;
	if (resources_read_rates(r, &io, "throttleReadBpsDevice", "rbps") < 0 ||
	    resources_read_rates(r, &io, "throttleWriteBpsDevice", "wbps") <
		    0 ||
	    resources_read_rates(r, &io, "throttleReadIOPSDevice", "riops") <
		    0 ||
	    resources_read_rates(r, &io, "throttleWriteIOPSDevice", "wiops") <
		    0)
		return -1;
	return 0;
}

/* Files of v2 by name, for what OCI has no word for. */
static int resources_read_unified(struct resources *r, const struct node *node)
{
	struct node unified;
	const char *value;

	if (node_object(node, "unified", &unified) < 0)
		return -1;
	for (void *i = node_first(&unified); i; i = node_next(&unified, i)) {
		struct node member = node_at(&unified, i);

		if (node_item_string(&member, &value) < 0)
			return -1;
		if (strchr(member.key, '/') || !strchr(member.key, '.'))
			return node_complain(&member, "for a file of a group");
		if (resources_add(r, member.key, "%s", value) < 0)
			return -1;
	}
	return 0;
}

/* What is asked for and not done here must not be passed over in silence. */
static int resources_refuse(const struct node *node)
{
	static const char *const keys[] = { "hugepageLimits", "network",
					    "rdma" };
	struct node member = { .parent = node };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		member.key = keys[i];
		member.value = json_object_get(node->value, keys[i]);
		if (json_array_size(member.value) ||
		    json_object_size(member.value))
			return node_complain(&member, "supported");
	}
	return 0;
}

int resources_read(struct resources *r, const struct node *node)
{
	if (resources_read_memory(r, node) < 0 ||
	    resources_read_cpu(r, node) < 0 ||
	    resources_read_pids(r, node) < 0 ||
	    resources_read_io(r, node) < 0 ||
	    resources_read_unified(r, node) < 0)
		return -1;
	if (resources_read_devices(r, node) < 0)
		return -1;
	return resources_refuse(node);
}
