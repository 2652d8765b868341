/*
 * linux.resources.cpu: a share, a quota, and which cpus.
 *
 * A share counts only while others want the cpu as well; a quota counts
 * always.  Engines write 0 for "not given".  Times are in microseconds.
 */
#include <inttypes.h>

#include "05-cgroups/beyond/weight.h"
#include "10-full-container/group/limits_inside.h"

#define SHARES_MIN 2
#define SHARES_MAX 262144

struct cpu_limits {
	int64_t shares, quota, period, burst, idle, rt_runtime, rt_period;
	const char *cpus, *mems;
};

/*
 * v2 gets a weight, v1 the exact number.  A group that is idle takes no share,
 * and forgets the one that it has.
 */
static int cpu_add_shares(struct limits *r, const struct value *cpu,
			  int64_t shares, int64_t idle)
{
	if (shares == 0 || idle == 1)
		return 0;
	if (shares < SHARES_MIN)
		shares = SHARES_MIN;
	if (!limits_add(r, cpu, "shares", "cpu.weight", "%lld",
			cgroup_weight(shares)))
		return -1;
	return limits_add_only(r, cpu, "shares", "cpu.shares", shares,
			       CGROUP_V1_ONLY);
}

/* What is not given stays as it is, or the kernel's default: 100000. */
static int cpu_add_quota(struct limits *r, const struct value *cpu,
			 int64_t quota, int64_t period)
{
	if (quota > 0 && period != 0)
		return limits_add(r, cpu, "quota", "cpu.max",
				  "%" PRId64 " %" PRId64, quota, period)
			       ? 0
			       : -1;
	if (quota < 0 && period != 0)
		return limits_add(r, cpu, "quota", "cpu.max", "max %" PRId64,
				  period)
			       ? 0
			       : -1;
	if (period != 0)
		return limits_add_amount(r, cpu, "period", "cpu.cfs_period_us",
					 period);
	return quota == 0
		       ? 0
		       : limits_add_amount(r, cpu, "quota", "cpu.max", quota);
}

/* Real-time processes, which no quota stops.  v1 only. */
static int cpu_add_real_time(struct limits *r, const struct value *cpu,
			     int64_t runtime, int64_t period)
{
	if (period != 0 && limits_add_amount(r, cpu, "realtimePeriod",
					     "cpu.rt_period_us", period) < 0)
		return -1;
	if (runtime == 0)
		return 0;
	return limits_add_amount(r, cpu, "realtimeRuntime", "cpu.rt_runtime_us",
				 runtime);
}

/* 0 is the default of these, and where there is no file it holds anyway. */
static int cpu_add_more(struct limits *r, const struct value *cpu,
			const char *key, const char *file, int64_t number)
{
	if (number == 0)
		return limits_add_only(r, cpu, key, file, 0, CGROUP_ANY);
	return limits_add_amount(r, cpu, key, file, number);
}

/* "0-3,8": written as it is, since the kernel reads lists of this form. */
static int cpu_add_list(struct limits *r, const struct value *cpu,
			const char *key, const char *file, const char *list)
{
	if (!list || list[0] == '\0')
		return 0;
	return limits_add(r, cpu, key, file, "%s", list) ? 0 : -1;
}

/* Ranges only; v1 and v2 have limits of their own on top. */
static int cpu_read(struct cpu_limits *c, const struct value *cpu)
{
	if (value_integer(cpu, "shares", 0, SHARES_MAX, &c->shares) < 0 ||
	    value_integer(cpu, "quota", -1, INT64_MAX, &c->quota) < 0 ||
	    value_integer(cpu, "period", 0, INT64_MAX, &c->period) < 0 ||
	    value_integer(cpu, "burst", 0, INT64_MAX, &c->burst) < 0 ||
	    value_integer(cpu, "idle", 0, 1, &c->idle) < 0 ||
	    value_integer(cpu, "realtimeRuntime", 0, INT64_MAX,
			  &c->rt_runtime) < 0 ||
	    value_integer(cpu, "realtimePeriod", 0, INT64_MAX, &c->rt_period) <
		    0 ||
	    value_string(cpu, "cpus", &c->cpus) < 0)
		return -1;
	return value_string(cpu, "mems", &c->mems);
}

/* idle comes before the share: a group that is idle takes none. */
int limits_read_cpu(struct limits *r, const struct value *node)
{
	struct cpu_limits c = { .burst = NOT_GIVEN, .idle = NOT_GIVEN };
	struct value cpu, burst;

	if (value_object(node, "cpu", &cpu) < 0 || cpu_read(&c, &cpu) < 0)
		return -1;
	burst = value_member(&cpu, "burst");
	if (c.quota > 0 && c.burst > c.quota)
		return value_complain(&burst, "at most cpu.quota");
	if (cpu_add_more(r, &cpu, "idle", "cpu.idle", c.idle) < 0 ||
	    cpu_add_shares(r, &cpu, c.shares, c.idle) < 0 ||
	    cpu_add_quota(r, &cpu, c.quota, c.period) < 0 ||
	    cpu_add_more(r, &cpu, "burst", "cpu.max.burst", c.burst) < 0 ||
	    cpu_add_real_time(r, &cpu, c.rt_runtime, c.rt_period) < 0)
		return -1;
	if (cpu_add_list(r, &cpu, "cpus", "cpuset.cpus", c.cpus) < 0)
		return -1;
	return cpu_add_list(r, &cpu, "mems", "cpuset.mems", c.mems);
}
