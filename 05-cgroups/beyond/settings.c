/*
 * What is asked for, and how it is written.
 *
 * v2: almost every limit is one write to the file of that name.  v1 grew one
 * controller at a time, each with files of its own style: there the names are
 * translated.
 */
#include "05-cgroups/beyond/settings.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "habits/count.h"
#include "05-cgroups/beyond/lists.h"
#include "05-cgroups/beyond/stats.h"
#include "05-cgroups/beyond/trees.h"
#include "05-cgroups/files.h"

#define V1_MEMORY    "memory.limit_in_bytes"
#define V1_WITH_SWAP "memory.memsw.limit_in_bytes"
#define V1_NO_LIMIT  (1LL << 62)

/* The names of v1's files, and limits that v2 has in a file of another name. */
static const struct {
	bool is_v2;
	const char *file, *name;
} settings_names[] = {
	{ true, "memory.memsw.limit_in_bytes", "memory.swap.max" },
	{ true, "cpu.cfs_period_us", "cpu.max" },
	{ true, "cpu.idle", "cpu.idle" }, /* which forgets the share */
	{ true, "cpu.idle", "cpu.weight" },
	{ true, "io.weight", "io.weight" },
	{ true, "io.weight", "io.bfq.weight" },
	{ false, "memory.max", "memory.limit_in_bytes" },
	{ false, "memory.max", "memory.memsw.limit_in_bytes" },
	{ false, "memory.swap.max", "memory.memsw.limit_in_bytes" },
	{ false, "memory.low", "memory.soft_limit_in_bytes" },
	{ false, "cpu.max", "cpu.cfs_quota_us" },
	{ false, "cpu.max", "cpu.cfs_period_us" },
	{ false, "cpu.max.burst", "cpu.cfs_burst_us" },
	{ false, "cpu.weight", "cpu.shares" },
	{ false, "cpu.idle", "cpu.idle" },
	{ false, "cpu.idle", "cpu.shares" },
	{ false, "io.max", "blkio.throttle.read_bps_device" },
	{ false, "io.max", "blkio.throttle.write_bps_device" },
	{ false, "io.max", "blkio.throttle.read_iops_device" },
	{ false, "io.max", "blkio.throttle.write_iops_device" },
	{ false, "io.weight", "blkio.bfq.weight" },
	{ false, "io.weight", "blkio.bfq.weight_device" },
};

size_t settings_files(bool is_v2, const char *file,
		      char names[SETTINGS_FILES][SETTINGS_NAME])
{
	const char *last = strrchr(file, '.');
	size_t count = 0;

	for (size_t i = 0; i < COUNT(settings_names); i++)
		if (settings_names[i].is_v2 == is_v2 &&
		    strcmp(settings_names[i].file, file) == 0)
			snprintf(names[count++], SETTINGS_NAME, "%s",
				 settings_names[i].name);
	if (count > 0)
		return count;
	/* "hugetlb.2MB.max" is hugetlb.2MB.limit_in_bytes. */
	if (!is_v2 && last && strncmp(file, "hugetlb.", 8) == 0)
		snprintf(names[0], SETTINGS_NAME, "%.*slimit_in_bytes",
			 (int)(last + 1 - file), file);
	else
		snprintf(names[0], SETTINGS_NAME, "%s", file);
	return 1;
}

bool settings_have(const struct cgroup *cg, const char *controller)
{
	size_t length = strlen(controller);

	for (const struct cgroup_limit *l = cg->others->limits; l->file; l++)
		if (!l->is_optional &&
		    strncmp(l->file, controller, length) == 0 &&
		    l->file[length] == '.')
			return true;
	return false;
}

bool settings_need(const struct cgroup *cg, const struct cgroup_tree *tree)
{
	for (const struct cgroup_limit *l = cg->others->limits; l->file; l++)
		if (!l->is_optional && trees_with(cg, l->file) == tree)
			return true;
	return false;
}

/* A report is content with what there is. */
bool settings_want(const struct cgroup *cg, const char *controller)
{
	return settings_have(cg, controller) ||
	       (cg->stats && cgroup_has("memory pids cpuacct", controller));
}

/* Anything from 4 EiB on is v1's way to say that there is no limit. */
static int settings_write_number(int dir, const char *file, long long number)
{
	char text[32];

	snprintf(text, sizeof(text), "%lld",
		 number >= V1_NO_LIMIT ? -1 : number);
	return cgroup_write(dir, file, text);
}

/* What v2 would take; strtoll(3) makes a 0 of any other word. */
static bool settings_is_amount(const char *value)
{
	size_t digits = strspn(value, "0123456789");

	if (strncmp(value, "max", 3) == 0)
		return strchr(" ", value[3]) != NULL;
	if (digits == 0 || digits > 19)
		return strcmp(value, "-1") == 0;
	value += digits;
	return strchr(" kmgtKMGT", value[0]) &&
	       (value[0] == ' ' || !value[0] || !value[1]);
}

/* "max" as well as "max PERIOD"; the units are those that v2 knows. */
static long long settings_bytes(const char *value)
{
	static const char units[] = "kmgt";
	char *end;
	long long bytes = strtoll(value, &end, 10);
	const char *unit = *end ? strchr(units, *end | ' ') : NULL;

	if (strncmp(value, "max", 3) == 0)
		return V1_NO_LIMIT;
	for (; unit && unit >= units; unit--)
		if (bytes > V1_NO_LIMIT / 1024)
			return V1_NO_LIMIT;
		else
			bytes *= 1024;
	return bytes;
}

/*
 * v2 limits memory and swap, v1 memory and the sum of both.  The sum may at
 * no time be the smaller one, so the order depends on the direction.
 */
static int settings_memory(int dir, long long bytes)
{
	long long memory, sum;
	bool has_sum;

	/* Without swap in this kernel there is no file for the sum. */
	if (cgroup_number(dir, V1_MEMORY, NULL, &memory) <= 0 ||
	    cgroup_number(dir, V1_WITH_SWAP, NULL, &sum) < 0)
		return -1;
	has_sum = sum >= 0 && sum < V1_NO_LIMIT;
	if (has_sum) /* else it could overflow */
		sum = bytes >= V1_NO_LIMIT ? bytes : sum - memory + bytes;
	if (has_sum && bytes > memory &&
	    settings_write_number(dir, V1_WITH_SWAP, sum) < 0)
		return -1;
	if (settings_write_number(dir, V1_MEMORY, bytes) < 0)
		return -1;
	if (has_sum && bytes < memory)
		return settings_write_number(dir, V1_WITH_SWAP, sum);
	return 0;
}

/* To be set after memory.max, because it is counted from there on. */
static int settings_swap(int dir, long long bytes)
{
	long long memory;

	if (cgroup_number(dir, V1_MEMORY, NULL, &memory) <= 0)
		return -1;
	if (bytes < V1_NO_LIMIT) /* else the sum would overflow */
		bytes += memory;
	return settings_write_number(dir, V1_WITH_SWAP, bytes);
}

/* "MAJOR:MINOR rbps=N wbps=N riops=N wiops=N", any of them, N can be "max". */
static int settings_io(int dir, const char *value)
{
	static const char *const keys[] = { "rbps", "wbps", "riops", "wiops" };
	char *rest = strdupa(value), *disk, *word, text[64];
	char names[SETTINGS_FILES][SETTINGS_NAME];
	size_t i, count = settings_files(false, "io.max", names);

	disk = cgroup_next_word(&rest, " ");
	while ((word = cgroup_next_word(&rest, " "))) {
		const char *key = strsep(&word, "=");

		for (i = 0; i < count; i++)
			if (strcmp(keys[i], key) == 0)
				break;
		if (i == count || !word) {
			errno = EINVAL;
			return -1;
		}
		snprintf(text, sizeof(text), "%s %s", disk,
			 strcmp(word, "max") == 0 ? "0" : word);
		if (cgroup_write(dir, names[i], text) < 0)
			return -1;
	}
	return 0;
}

/*
 * BFQ's weights go from 1 to 1000 where io.weight goes to 10000, and 100 is
 * the default of both: so what is above 100 is squeezed, the rest is kept.
 * The value is "N", "default N" or "MAJOR:MINOR N".
 */
static int settings_write_bfq(int dir, const char *file, const char *value)
{
	const char *space = strrchr(value, ' ');
	const char *number = space ? space + 1 : value;
	long weight = strtol(number, NULL, 10);
	char text[128];

	if (weight > 100)
		weight = 100 + (weight - 100) * 900 / 9900;
	snprintf(text, sizeof(text), "%.*s%ld", (int)(number - value), value,
		 weight);
	return cgroup_write(dir, file, text);
}

/* "default N", "N" or "MAJOR:MINOR N". */
static int settings_io_weight(int dir, const char *value)
{
	if (strchr(value, ':'))
		return settings_write_bfq(dir, "blkio.bfq.weight_device",
					  value);
	if (strncmp(value, "default ", 8) == 0)
		value += 8;
	return settings_write_bfq(dir, "blkio.bfq.weight", value);
}

static int settings_shares(int dir, const char *weight)
{
	return settings_write_number(dir, "cpu.shares",
				     v1_shares(strtoll(weight, NULL, 10)));
}

/*
 * What is not known here goes to the file of that name: pids.max and cpuset
 * have kept theirs, and whoever knows v1 can ask for "cpu.shares".
 */
static int settings_write_v1(const struct cgroup_tree *tree, const char *file,
			     const char *value)
{
	/* Those for which another number is made of the value. */
	static const char amounts[] = "memory.max memory.swap.max memory.low "
				      "cpu.max cpu.max.burst cpu.weight";
	bool is_amount =
		cgroup_has(amounts, file) || strncmp(file, "hugetlb.", 8) == 0;
	char names[SETTINGS_FILES][SETTINGS_NAME];
	int dir = tree->fd;

	if (is_amount && !settings_is_amount(value)) {
		errno = EINVAL;
		return -1;
	}
	if (strcmp(file, "memory.max") == 0)
		return settings_memory(dir, settings_bytes(value));
	if (strcmp(file, "memory.swap.max") == 0)
		return settings_swap(dir, settings_bytes(value));
	if (strcmp(file, "cpu.max") == 0)
		return v1_quota(dir, value);
	if (strcmp(file, "cpu.weight") == 0)
		return settings_shares(dir, value);
	if (strncmp(file, "cpu.rt_", 7) == 0)
		return v1_real_time(tree, file, value);
	if (strcmp(file, "io.max") == 0)
		return settings_io(dir, value);
	if (strcmp(file, "io.weight") == 0)
		return settings_io_weight(dir, value);
	if (!is_amount)
		return cgroup_write(dir, file, value);
	settings_files(false, file, names);
	return settings_write_number(dir, names[0], settings_bytes(value));
}

/*
 * The sum less memory.max is the limit on swap.  EINVAL: memory has no limit,
 * or one above the sum.  A kernel without swap has no file for it, and then
 * nothing is used of it: so only a sum with swap in it fails with ENOENT.
 */
static int settings_with_swap(int dir, const char *value)
{
	long long sum = strtoll(value, NULL, 10);
	long long memory;
	char text[32];

	if (strcmp(value, "max") == 0 || sum < 0)
		return cgroup_write(dir, "memory.swap.max", "max");
	if (cgroup_number(dir, "memory.max", NULL, &memory) < 0)
		return -1;
	if (memory < 0 || sum < memory) {
		errno = EINVAL;
		return -1;
	}
	snprintf(text, sizeof(text), "%lld", sum - memory);
	if (cgroup_write(dir, "memory.swap.max", text) == 0)
		return 0;
	return errno == ENOENT && sum == memory ? 0 : -1;
}

/* cpu.max is "QUOTA PERIOD", and a period alone is not understood. */
static int settings_period(int dir, const char *value)
{
	char text[CGROUP_TEXT], both[CGROUP_TEXT + 32];

	if (cgroup_read_text(dir, "cpu.max", text) < 0)
		return -1;
	text[strcspn(text, " \n")] = '\0';
	snprintf(both, sizeof(both), "%s %s", text, value);
	return cgroup_write(dir, "cpu.max", both);
}

static int settings_write_v2(int dir, const char *file, const char *value)
{
	if (strcmp(file, "memory.memsw.limit_in_bytes") == 0)
		return settings_with_swap(dir, value);
	if (strcmp(file, "cpu.cfs_period_us") == 0)
		return settings_period(dir, value);
	if (cgroup_write(dir, file, value) == 0)
		return 0;
	/* The weight of a disk has two names, by the scheduler it has. */
	if (errno == ENOENT && strcmp(file, "io.weight") == 0)
		return settings_write_bfq(dir, "io.bfq.weight", value);
	return -1;
}

int settings_write(const struct cgroup_tree *tree, const char *file,
		   const char *value)
{
	return tree->is_v2 ? settings_write_v2(tree->fd, file, value)
			   : settings_write_v1(tree, file, value);
}
