/* The names of v1's files, and limits that v2 has in a file of another name. */
#include "05-cgroups/beyond/written.h"

#include <stdio.h>
#include <string.h>

#include "habits/count.h"

static const struct {
	bool is_v2;
	const char *file, *name;
} written_names[] = {
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

size_t written_files(bool is_v2, const char *file,
		     char names[WRITTEN_MAX][WRITTEN_NAME])
{
	const char *last = strrchr(file, '.');
	size_t count = 0;

	for (size_t i = 0; i < COUNT(written_names); i++)
		if (written_names[i].is_v2 == is_v2 &&
		    strcmp(written_names[i].file, file) == 0)
			snprintf(names[count++], WRITTEN_NAME, "%s",
				 written_names[i].name);
	if (count > 0)
		return count;
	/* "hugetlb.2MB.max" is hugetlb.2MB.limit_in_bytes. */
	if (!is_v2 && last && strncmp(file, "hugetlb.", 8) == 0)
		snprintf(names[0], WRITTEN_NAME, "%.*slimit_in_bytes",
			 (int)(last + 1 - file), file);
	else
		snprintf(names[0], WRITTEN_NAME, "%s", file);
	return 1;
}
