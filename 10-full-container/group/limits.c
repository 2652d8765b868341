/*
 * The table of limits, and looking things up in it.
 *
 * The order is that of writing: what is counted from another limit, as swap
 * from memory, comes after it.  Limits that are lists of their own, for each
 * device or size of pages, are in limits_lists.c.
 */
#include "10-full-container/group/limits.h"

#include <string.h>

const struct limit limits_table[] = {
	{ "memory", "limit", "memory.max", .kind = LIMIT_BYTES, .none = "max",
	  .systemd = "MemoryMax", .update = "memory" },
	{ "memory", "swap", "memory.swap.max", .kind = LIMIT_SWAP,
	  .none = "max", .systemd = "MemorySwapMax", .update = "memory-swap" },
	{ "memory", "reservation", "memory.low", .kind = LIMIT_RESERVATION,
	  .systemd = "MemoryLow", .update = "memory-reservation" },
	{ "memory", "kernel", "memory.kmem.limit_in_bytes", .kind = LIMIT_BYTES,
	  .is_v1 = true, .none = "-1" },
	{ "memory", "kernelTCP", "memory.kmem.tcp.limit_in_bytes",
	  .kind = LIMIT_BYTES, .is_v1 = true, .none = "-1" },
	{ "memory", "swappiness", "memory.swappiness", .kind = LIMIT_PERCENT,
	  .is_v1 = true, .has_zero = true },
	{ "memory", "useHierarchy", "memory.use_hierarchy", .kind = LIMIT_BOOL,
	  .is_v1 = true, .none = "1", .has_zero = true },
	{ "memory", "disableOOMKiller", "memory.oom_control",
	  .kind = LIMIT_BOOL, .is_v1 = true, .none = "0", .has_zero = true },
	{ NULL, NULL, "memory.high", .kind = LIMIT_BYTES,
	  .systemd = "MemoryHigh" },
	{ NULL, NULL, "memory.min", .kind = LIMIT_BYTES,
	  .systemd = "MemoryMin" },

	{ "cpu", "idle", "cpu.idle", .kind = LIMIT_SWITCH, .none = "0",
	  .has_zero = true, .update = "cpu-idle" },
	{ "cpu", "shares", "cpu.weight", .kind = LIMIT_SHARES,
	  .systemd = "CPUWeight", .update = "cpu-share" },
	{ "cpu", "quota", "cpu.max", .kind = LIMIT_QUOTA, .none = "max",
	  .systemd = "CPUQuotaPerSecUSec", .update = "cpu-quota" },
	{ "cpu", "period", "cpu.cfs_period_us", .kind = LIMIT_PERIOD,
	  .update = "cpu-period" },
	{ "cpu", "burst", "cpu.max.burst", .kind = LIMIT_BURST, .none = "0",
	  .has_zero = true, .update = "cpu-burst" },
	{ "cpu", "realtimePeriod", "cpu.rt_period_us", .kind = LIMIT_TIME,
	  .is_v1 = true, .update = "cpu-rt-period" },
	{ "cpu", "realtimeRuntime", "cpu.rt_runtime_us", .kind = LIMIT_TIME,
	  .is_v1 = true, .update = "cpu-rt-runtime" },
	{ "cpu", "cpus", "cpuset.cpus", .kind = LIMIT_LIST,
	  .systemd = "AllowedCPUs", .update = "cpuset-cpus" },
	{ "cpu", "mems", "cpuset.mems", .kind = LIMIT_LIST,
	  .systemd = "AllowedMemoryNodes", .update = "cpuset-mems" },

	{ "pids", "limit", "pids.max", .kind = LIMIT_PIDS, .none = "max",
	  .has_zero = true, .systemd = "TasksMax", .update = "pids-limit" },

	{ "blockIO", "weight", "io.weight", .kind = LIMIT_WEIGHT,
	  .systemd = "IOWeight", .update = "blkio-weight" },
	{ "blockIO", "throttleReadBpsDevice", "io.max rbps", .kind = LIMIT_RATE,
	  .systemd = "IOReadBandwidthMax" },
	{ "blockIO", "throttleWriteBpsDevice", "io.max wbps",
	  .kind = LIMIT_RATE, .systemd = "IOWriteBandwidthMax" },
	{ "blockIO", "throttleReadIOPSDevice", "io.max riops",
	  .kind = LIMIT_RATE, .systemd = "IOReadIOPSMax" },
	{ "blockIO", "throttleWriteIOPSDevice", "io.max wiops",
	  .kind = LIMIT_RATE, .systemd = "IOWriteIOPSMax" },

	{ "network", "classID", "net_cls.classid", .kind = LIMIT_NUMBER,
	  .is_v1 = true },
	{ 0 },
};

/* Of a name in the table that has a word after it only the name counts. */
const struct limit *limit_of_file(const char *file)
{
	size_t length = strlen(file);
	const struct limit *row = limits_table;

	while (row->file && (strncmp(row->file, file, length) != 0 ||
			     !strchr(" ", row->file[length])))
		row++;
	return row->file ? row : NULL;
}

const struct limit *limit_of_member(const char *object, const char *member)
{
	for (const struct limit *row = limits_table; row->file; row++)
		if (row->object && strcmp(row->object, object) == 0 &&
		    (!member || strcmp(row->member, member) == 0))
			return row;
	return NULL;
}

const struct limit *limit_of_option(const char *option)
{
	for (const struct limit *row = limits_table; row->file; row++)
		if (row->update && strcmp(row->update, option) == 0)
			return row;
	return NULL;
}
