/*
 * cgroup v2: almost every limit is one write to the file of that name.
 *
 * The exceptions are here.  Two limits of v1 say something that v2 says only
 * together with another value, which is read from the group: the sum of
 * memory and swap, and the period of a quota that stays as it is.
 */
#include "05-cgroups/beyond/cgroup_v2.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "05-cgroups/files.h"

/*
 * The sum less memory.max is the limit on swap.  EINVAL: memory has no limit,
 * or one above the sum.  A kernel without swap has no file for it, and then
 * nothing is used of it: so only a sum with swap in it fails with ENOENT.
 */
static int cgroup_v2_with_swap(int dir, const char *value)
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
static int cgroup_v2_period(int dir, const char *value)
{
	char text[CGROUP_TEXT], both[CGROUP_TEXT + 32];

	if (cgroup_read_text(dir, "cpu.max", text) < 0)
		return -1;
	text[strcspn(text, " \n")] = '\0';
	snprintf(both, sizeof(both), "%s %s", text, value);
	return cgroup_write(dir, "cpu.max", both);
}

int cgroup_v2_limit(int dir, const char *file, const char *value)
{
	if (strcmp(file, "memory.memsw.limit_in_bytes") == 0)
		return cgroup_v2_with_swap(dir, value);
	if (strcmp(file, "cpu.cfs_period_us") == 0)
		return cgroup_v2_period(dir, value);
	if (cgroup_write(dir, file, value) == 0)
		return 0;
	/* The weight of a disk has two names, by the scheduler it has. */
	if (errno == ENOENT && strcmp(file, "io.weight") == 0)
		return cgroup_write_bfq(dir, "io.bfq.weight", value);
	return -1;
}
