/*
 * cgroup v1: the cpu controller.
 *
 * Its limits are pairs of files, a time and the period that it is out of, and
 * at each write the kernel compares the pair with that of the group above.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "habits/look.h"
#include "05-cgroups/beyond/cgroup_v1.h"
#include "05-cgroups/beyond/weight.h"
#include "05-cgroups/files.h"

#define RT_RUNTIME "cpu.rt_runtime_us"
#define RT_PERIOD  "cpu.rt_period_us"

/*
 * "QUOTA PERIOD", in microseconds; QUOTA can be "max", and without PERIOD
 * that stays as it is.  With the quota of before, the new period can be more
 * than the group above has: then it comes after the new quota.
 */
int cgroup_v1_quota(int dir, const char *value)
{
	const char *period = strchr(value, ' ');
	char quota[32];
	int early = 0;

	snprintf(quota, sizeof(quota), "%.*s", (int)strcspn(value, " "), value);
	if (period)
		early = cgroup_write(dir, "cpu.cfs_period_us", ++period);
	if (early < 0 && errno != EINVAL)
		return -1;
	if (cgroup_write(dir, "cpu.cfs_quota_us",
			 strcmp(quota, "max") == 0 ? "-1" : quota) < 0)
		return -1;
	return early < 0 ? cgroup_write(dir, "cpu.cfs_period_us", period) : 0;
}

int cgroup_v1_weight(int dir, const char *value)
{
	char shares[32];

	snprintf(shares, sizeof(shares), "%lld",
		 cgroup_shares(strtoll(value, NULL, 10)));
	return cgroup_write(dir, "cpu.shares", shares);
}

/*
 * Add the real time of each `period` of a group, as much as the one below it
 * of this name has in its own.  One that has just been removed has none.
 */
static int rt_add(int dir, const char *name, long long period, long long *sum)
{
	CLEANUP_CLOSE int below = -1;
	int answer = look_open(dir, name, O_PATH | O_DIRECTORY, &below);
	long long own = 0, runtime = 0;

	if (answer > 0)
		answer = cgroup_number(below, RT_PERIOD, NULL, &own);
	if (answer > 0)
		answer = cgroup_number(below, RT_RUNTIME, NULL, &runtime);
	if (answer > 0 && own > 0 && runtime > 0)
		*sum += (runtime * period + own - 1) / own;
	return answer < 0 ? -1 : 0;
}

/* What all groups below have, except for one.  -1 with errno. */
static long long rt_sum(int dir, ino_t except, long long period)
{
	DIR *list;
	int answer = look_list(dir, ".", &list);
	struct dirent *entry;
	long long sum = 0;

	while (answer > 0 && (answer = look_next(list, &entry)) > 0)
		if (cgroup_is_below(entry) && entry->d_ino != except &&
		    rt_add(dir, entry->d_name, period, &sum) < 0)
			answer = -1;
	if (list)
		closedir(list);
	return answer < 0 ? -1 : sum;
}

/*
 * A new group has no real time, and none below it can have any.  So what one
 * asks for, the groups above it get first, those that the kit has made.
 */
static int rt_reserve(int group, int levels, long long runtime,
		      long long period)
{
	CLEANUP_CLOSE int above =
		openat(group, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	long long whole, has, needed;
	struct stat status;
	char text[32];

	if (levels == 0)
		return 0;
	if (period <= 0) {
		errno = EINVAL;
		return -1;
	}
	if (cgroup_number(above, RT_PERIOD, NULL, &whole) <= 0 ||
	    cgroup_number(above, RT_RUNTIME, NULL, &has) < 0 ||
	    fstat(group, &status) < 0)
		return -1;
	needed = rt_sum(above, status.st_ino, whole);
	if (needed < 0)
		return -1;
	needed += (runtime * whole + period - 1) / period;
	if (needed <= has)
		return 0;
	if (rt_reserve(above, levels - 1, needed, whole) < 0)
		return -1;
	snprintf(text, sizeof(text), "%lld", needed);
	return cgroup_write(above, RT_RUNTIME, text);
}

/* How many of the groups above are the kit's. */
static int rt_levels(const struct cgroup_tree *tree)
{
	const char *rest = tree->group;
	int levels = 0;

	if (tree->ours)
		rest += tree->ours;
	else if (tree->top &&
		 strncmp(rest + strlen(tree->top), "/" CGROUP_PARENT "/",
			 sizeof(CGROUP_PARENT) + 1) == 0)
		rest += strlen(tree->top) + sizeof(CGROUP_PARENT);
	else
		return 0;
	for (; (rest = strchr(rest, '/')); rest++)
		levels++;
	return levels;
}

int cgroup_v1_real_time(const struct cgroup_tree *tree, const char *file,
			const char *value)
{
	long long runtime, period;

	if (cgroup_write(tree->fd, file, value) == 0)
		return 0;
	if (errno != EINVAL ||
	    cgroup_number(tree->fd, RT_RUNTIME, NULL, &runtime) < 0 ||
	    cgroup_number(tree->fd, RT_PERIOD, NULL, &period) < 0)
		return -1;
	*(strcmp(file, RT_RUNTIME) == 0 ? &runtime : &period) =
		strtoll(value, NULL, 10);
	if (rt_reserve(tree->fd, rt_levels(tree), runtime, period) < 0)
		return -1;
	return cgroup_write(tree->fd, file, value);
}

/*
 * The kernel takes a while to forget a group that has been removed, and what
 * it had cannot be given to another one until then.
 */
static int rt_give_back(int from, int levels)
{
	CLEANUP_CLOSE int group = -1;
	int answer = look_open(from, "..", O_RDONLY | O_DIRECTORY, &group);
	long long period, sum;
	char text[32];

	if (levels == 0 || answer <= 0)
		return answer;
	answer = cgroup_number(group, RT_PERIOD, NULL, &period);
	if (answer <= 0)
		return answer;
	sum = rt_sum(group, 0, period);
	if (sum < 0)
		return -1;
	snprintf(text, sizeof(text), "%lld", sum);
	cgroup_write(group, RT_RUNTIME, text);
	return rt_give_back(group, levels - 1);
}

int cgroup_v1_give_back(const struct cgroup_tree *tree)
{
	long long runtime;
	int answer = 0;

	if (!tree->is_v2 && tree->fd >= 0 &&
	    cgroup_has(tree->controllers, "cpu"))
		answer = cgroup_number(tree->fd, RT_RUNTIME, NULL, &runtime);
	if (answer > 0 && runtime > 0) {
		cgroup_write(tree->fd, RT_RUNTIME, "0");
		answer = rt_give_back(tree->fd, rt_levels(tree));
	}
	return answer < 0 ? error_call(NULL, "give back the real time of %s",
				       tree->group)
			  : 0;
}
