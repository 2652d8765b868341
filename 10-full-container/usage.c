/*
 * What a container uses, as one JSON object.
 *
 * The kernel counts all the time; to look costs a read(2) for each file.
 * Files that this machine lacks are left out of the result, and not shown as
 * 0.
 */
#include "10-full-container/usage.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "01-uts/error.h"
#include "05-cgroups/files.h"
#include "05-cgroups/tree.h"
#include "10-full-container/json.h"

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
 * From the first tree that has the file and the line; -1: none has.  *failed:
 * nobody knows, after a message.
 */
static long long usage_number(const struct cgroup *cg, const char *file,
			      const char *key, bool *failed)
{
	long long number = -1;

	for (int i = 0; i < CGROUP_TREES && number < 0 && !*failed; i++) {
		if (!cg->trees[i].group)
			continue;
		errno = 0; /* it stays if the file has no such line */
		number = cgroup_number(cg->trees[i].fd, file, key);
		*failed = number < 0 && errno && errno != ENOENT &&
			  errno != ENODEV && errno != EOPNOTSUPP;
		if (*failed)
			error_call(NULL, "read %s in %s", file,
				   cg->trees[i].group);
	}
	return number;
}

/*
 * v1 counts memory and swap together, and so does the format; v2 counts swap
 * alone.  "max" is a very large number: the kernel itself prints one in v1.
 */
static void usage_add_swap(json_t *usage, const struct cgroup *cg)
{
	const struct cgroup_tree *tree = cgroup_v2(cg);
	long long swap, used, limit, most;

	if (!tree)
		return;
	swap = cgroup_number(tree->fd, "memory.swap.current", NULL);
	used = cgroup_number(tree->fd, "memory.current", NULL);
	if (used < 0)
		return; /* memory is not v2's */
	limit = cgroup_number(tree->fd, "memory.max", NULL);
	most = cgroup_number(tree->fd, "memory.swap.max", NULL);
	json_set_path(usage, "memory.usage.limit",
		      json_integer(limit < 0 ? INT64_MAX : limit));
	if (swap < 0)
		return; /* a kernel without swap */
	json_set_path(usage, "memory.swap.usage", json_integer(used + swap));
	json_set_path(
		usage, "memory.swap.limit",
		json_integer(limit < 0 || most < 0 ? INT64_MAX : limit + most));
}

/* NULL after a message.  The caller owns the result. */
json_t *usage_read(const struct cgroup *cg)
{
	size_t count = sizeof(usage_numbers) / sizeof(usage_numbers[0]);
	/* Each part is there, even if nothing is known of it. */
	json_t *usage = json_pack(
		"{s:{s:{},s:{}}, s:{}, s:{s:{},s:{},s:{},s:{}}, s:{}, s:{}, "
		"s:{}, s:{}, s:[]}",
		"cpu", "usage", "throttling", "cpuset", "memory", "usage",
		"swap", "kernel", "kernelTCP", "pids", "blkio", "hugetlb",
		"intel_rdt", "network_interfaces");
	bool failed = false;

	if (!usage) {
		error_input(NULL, "events: no memory to count with");
		return NULL;
	}
	for (size_t i = 0; i < count && !failed; i++) {
		long long number = usage_number(cg, usage_numbers[i].file,
						usage_numbers[i].key, &failed);

		if (number >= 0)
			json_set_path(
				usage, usage_numbers[i].path,
				json_integer(number * usage_numbers[i].factor));
	}
	if (failed) {
		json_decref(usage);
		return NULL;
	}
	usage_add_swap(usage, cg);
	usage_add_cpus(usage, cg);
	usage_add_raw(usage, cg);
	usage_add_disks(usage, cg);
	usage_add_pages(usage, cg);
	return usage;
}
