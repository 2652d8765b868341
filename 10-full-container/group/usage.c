/*
 * What a container uses, as one JSON object.
 *
 * The kernel counts all the time; to look costs a read(2) for each file.
 * Files that this machine lacks are left out of the result, and not shown as
 * 0.
 */
#include "10-full-container/group/usage.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "habits/error.h"
#include "05-cgroups/beyond/tree.h"
#include "05-cgroups/files.h"
#include "10-full-container/guard/json.h"

/*
 * Where each number comes from.  Of several lines for one place the first
 * that exists here counts: v2's are above v1's.  A hybrid machine has some of
 * both, and cpu.stat even in two trees.
 */
static const struct {
	const char *path; /* in the result */
	const char *file, *key;
	int factor; /* times are in nanoseconds in the result */
} usage_numbers[] = {
	{ "cpu.usage.total", "cpu.stat", "usage_usec", 1000 },
	{ "cpu.usage.total", "cpuacct.usage", NULL, 1 },
	{ "cpu.usage.kernel", "cpu.stat", "system_usec", 1000 },
	{ "cpu.usage.kernel", "cpuacct.usage_sys", NULL, 1 },
	{ "cpu.usage.user", "cpu.stat", "user_usec", 1000 },
	{ "cpu.usage.user", "cpuacct.usage_user", NULL, 1 },
	{ "cpu.throttling.periods", "cpu.stat", "nr_periods", 1 },
	{ "cpu.throttling.throttledPeriods", "cpu.stat", "nr_throttled", 1 },
	{ "cpu.throttling.throttledTime", "cpu.stat", "throttled_usec", 1000 },
	{ "cpu.throttling.throttledTime", "cpu.stat", "throttled_time", 1 },
	{ "memory.cache", "memory.stat", "file", 1 },
	{ "memory.cache", "memory.stat", "cache", 1 },
	{ "memory.usage.usage", "memory.current", NULL, 1 },
	{ "memory.usage.usage", "memory.usage_in_bytes", NULL, 1 },
	{ "memory.usage.limit", "memory.max", NULL, 1 },
	{ "memory.usage.limit", "memory.limit_in_bytes", NULL, 1 },
	{ "memory.usage.max", "memory.peak", NULL, 1 },
	{ "memory.usage.max", "memory.max_usage_in_bytes", NULL, 1 },
	{ "memory.usage.failcnt", "memory.events", "max", 1 },
	{ "memory.usage.failcnt", "memory.failcnt", NULL, 1 },
	{ "memory.swap.usage", "memory.memsw.usage_in_bytes", NULL, 1 },
	{ "memory.swap.limit", "memory.memsw.limit_in_bytes", NULL, 1 },
	{ "memory.swap.max", "memory.memsw.max_usage_in_bytes", NULL, 1 },
	{ "memory.swap.failcnt", "memory.memsw.failcnt", NULL, 1 },
	{ "memory.kernel.usage", "memory.stat", "kernel", 1 },
	{ "memory.kernel.usage", "memory.kmem.usage_in_bytes", NULL, 1 },
	{ "memory.kernel.limit", "memory.kmem.limit_in_bytes", NULL, 1 },
	{ "memory.kernel.max", "memory.kmem.max_usage_in_bytes", NULL, 1 },
	{ "memory.kernel.failcnt", "memory.kmem.failcnt", NULL, 1 },
	{ "memory.kernelTCP.usage", "memory.kmem.tcp.usage_in_bytes", NULL, 1 },
	{ "memory.kernelTCP.limit", "memory.kmem.tcp.limit_in_bytes", NULL, 1 },
	{ "memory.kernelTCP.failcnt", "memory.kmem.tcp.failcnt", NULL, 1 },
	{ "pids.current", "pids.current", NULL, 1 },
	{ "pids.limit", "pids.max", NULL, 1 },
};

/*
 * From the first tree that has the file and the line: of the answers of
 * habits/look.h, but with a message.
 */
static int usage_number(const struct cgroup *cg, const char *file,
			const char *key, long long *number)
{
	int answer = 0;

	*number = -1;
	for (int i = 0; i < CGROUP_TREES && answer == 0; i++) {
		if (!cg->trees[i].group)
			continue;
		answer = cgroup_number(cg->trees[i].fd, file, key, number);
		if (answer < 0)
			error_call(NULL, "read %s in %s", file,
				   cg->trees[i].group);
	}
	return answer;
}

static int usage_add_numbers(json_t *usage, const struct cgroup *cg)
{
	size_t count = sizeof(usage_numbers) / sizeof(usage_numbers[0]);

	for (size_t i = 0; i < count; i++) {
		long long number;
		int answer = usage_number(cg, usage_numbers[i].file,
					  usage_numbers[i].key, &number);

		if (answer < 0)
			return -1;
		if (answer > 0)
			json_set_path(
				usage, usage_numbers[i].path,
				json_integer(number * usage_numbers[i].factor));
	}
	return 0;
}

/*
 * v1 counts memory and swap together, and so does the format; v2 counts swap
 * alone.  "max" is a very large number: the kernel itself prints one in v1.
 */
static int usage_add_swap(json_t *usage, const struct cgroup *cg)
{
	long long swap, used, limit, most;

	/* v1 has no files of these names. */
	if (usage_number(cg, "memory.swap.current", NULL, &swap) < 0 ||
	    usage_number(cg, "memory.current", NULL, &used) < 0 ||
	    usage_number(cg, "memory.max", NULL, &limit) < 0 ||
	    usage_number(cg, "memory.swap.max", NULL, &most) < 0)
		return -1;
	if (used < 0)
		return 0; /* memory is not v2's */
	json_set_path(usage, "memory.usage.limit",
		      json_integer(limit < 0 ? INT64_MAX : limit));
	if (swap < 0)
		return 0; /* a kernel without swap */
	json_set_path(usage, "memory.swap.usage", json_integer(used + swap));
	json_set_path(
		usage, "memory.swap.limit",
		json_integer(limit < 0 || most < 0 ? INT64_MAX : limit + most));
	return 0;
}

/* NULL after a message.  The caller owns the result. */
json_t *usage_read(const struct cgroup *cg)
{
	/* Each part is there, even if nothing is known of it. */
	json_t *usage = json_pack(
		"{s:{s:{},s:{}}, s:{}, s:{s:{},s:{},s:{},s:{}}, s:{}, s:{}, "
		"s:{}, s:{}, s:[]}",
		"cpu", "usage", "throttling", "cpuset", "memory", "usage",
		"swap", "kernel", "kernelTCP", "pids", "blkio", "hugetlb",
		"intel_rdt", "network_interfaces");

	if (!usage) {
		error_input(NULL, "events: no memory to count with");
		return NULL;
	}
	if (usage_add_numbers(usage, cg) == 0 &&
	    usage_add_swap(usage, cg) == 0 && usage_add_cpus(usage, cg) == 0 &&
	    usage_add_raw(usage, cg) == 0 && usage_add_disks(usage, cg) == 0 &&
	    usage_add_pages(usage, cg) == 0)
		return usage;
	json_decref(usage);
	return NULL;
}
