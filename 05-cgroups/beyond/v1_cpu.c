/*
 * cgroup v1's cpu controller: a share, a quota, real time.
 *
 * The last two are pairs of files, a time and the period that it is out of, and
 * at each write the kernel compares the pair with that of the group above.
 */
#include "05-cgroups/beyond/settings.h"

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
#include "05-cgroups/beyond/lists.h"
#include "05-cgroups/beyond/own.h"
#include "05-cgroups/beyond/stats.h"
#include "05-cgroups/beyond/trees.h"
#include "05-cgroups/beyond/walk.h"
#include "05-cgroups/files.h"

#define RT_RUNTIME     "cpu.rt_runtime_us"
#define RT_PERIOD      "cpu.rt_period_us"
#define SHARES_MIN     2
#define SHARES_MAX     262144
#define CPU_WEIGHT_MAX 10000
#define LOG2_OF_10     3.321928094887362348
#define LOG2_DIGITS    48 /* after the point: as many as a double is good for */

/*
 * "QUOTA PERIOD", in microseconds; QUOTA can be "max", and without PERIOD
 * that stays as it is.  With the quota of before, the new period can be more
 * than the group above has: then it comes after the new quota.
 */
int v1_quota(int dir, const char *value)
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
		 strncmp(rest + strlen(tree->top), "/" OWN_PARENT "/",
			 sizeof(OWN_PARENT) + 1) == 0)
		rest += strlen(tree->top) + sizeof(OWN_PARENT);
	else
		return 0;
	for (; (rest = strchr(rest, '/')); rest++)
		levels++;
	return levels;
}

int v1_real_time(const struct cgroup_tree *tree, const char *file,
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

int v1_give_back(const struct cgroup_tree *tree)
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

/* n is 1 or more.  To square a number doubles its logarithm: a digit more. */
static double v1_log2(long long n)
{
	double rest = (double)n, digit = 1, log = 0;

	while (rest >= 2) {
		rest /= 2;
		log++;
	}
	for (int i = 0; i < LOG2_DIGITS; i++) {
		rest *= rest;
		digit /= 2;
		if (rest >= 2) {
			rest /= 2;
			log += digit;
		}
	}
	return log;
}

/*
 * The curve of runc 1.3.2 and crun 1.23, through both ends and the default:
 *
 *     weight = ceil(10 ^ ((L * L + 125 * L - 126) / 612)), L = log2(shares)
 *
 * (Older ones drew a straight line, and made 39 of the default.)  It is asked
 * the other way round: which weight is the first whose logarithm is not below.
 * So there is nothing to be raised to a power, and no rounding at the points
 * that must be met exactly.
 */
long long v1_weight(long long shares)
{
	long long low = 1, high = CPU_WEIGHT_MAX;
	double log, least;

	if (shares < SHARES_MIN)
		shares = SHARES_MIN;
	if (shares > SHARES_MAX)
		shares = SHARES_MAX;
	log = v1_log2(shares);
	/* A little less, for the errors of what is exactly the same. */
	least = (log * log + 125 * log - 126) * LOG2_OF_10 - 1e-9;
	while (low < high) {
		long long middle = (low + high) / 2;

		if (612 * v1_log2(middle) >= least)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

long long v1_shares(long long weight)
{
	long long low = SHARES_MIN, high = SHARES_MAX;

	while (low < high) {
		long long middle = (low + high + 1) / 2;

		if (v1_weight(middle) <= weight)
			low = middle;
		else
			high = middle - 1;
	}
	return low;
}
