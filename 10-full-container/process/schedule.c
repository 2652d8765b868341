/*
 * sched_setattr(2) and ioprio_set(2), which have no wrappers in the C library.
 * Between groups the group's weight decides (05-cgroups), inside of one this.
 * The priority of disk requests means something to the scheduler BFQ.
 */
#include "10-full-container/process/schedule.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "habits/error.h"

/* From <linux/ioprio.h>, which is younger than Linux 5.15. */
#define IO_CLASS_SHIFT 13
#define IO_WHO_PROCESS 1

static const struct hint schedule_hints[] = {
	{ EPERM, "a higher priority needs CAP_SYS_NICE, or room in RLIMIT_NICE "
		 "and RLIMIT_RTPRIO; with cgroup v1, real time in the group "
		 "(cpu.rt_runtime_us); a deadline, all processors" },
	{ EINVAL, "this kernel lacks the policy, or priority, runtime, "
		  "deadline and period do not fit it: see sched(7)" },
	{ EBUSY, "the processors cannot keep this deadline beside the others" },
	{ E2BIG, "this kernel does not know all of these settings" },
	{ EOPNOTSUPP, "this kernel has no utilization clamping" },
	{ 0, NULL },
};

static const struct hint io_hints[] = {
	{ EPERM, "IOPRIO_CLASS_RT needs CAP_SYS_ADMIN or CAP_SYS_NICE" },
	{ 0, NULL },
};

static const struct hint cpus_hints[] = {
	{ EINVAL, "none of these processors is there and in the cpuset of the "
		  "group" },
	{ 0, NULL },
};

/* See sched(7): the kernel's numbers are in no header. */
static const struct word policies[] = {
	{ "SCHED_OTHER", 0 },    { "SCHED_FIFO", 1 },
	{ "SCHED_RR", 2 },       { "SCHED_BATCH", 3 },
	{ "SCHED_ISO", 4 },      { "SCHED_IDLE", 5 },
	{ "SCHED_DEADLINE", 6 }, { 0 },
};

/* From <linux/sched.h>. */
static const struct word schedule_flags[] = {
	{ "SCHED_FLAG_RESET_ON_FORK", 1 << 0 },
	{ "SCHED_FLAG_RECLAIM", 1 << 1 },
	{ "SCHED_FLAG_DL_OVERRUN", 1 << 2 },
	{ "SCHED_FLAG_KEEP_POLICY", 1 << 3 },
	{ "SCHED_FLAG_KEEP_PARAMS", 1 << 4 },
	{ "SCHED_FLAG_UTIL_CLAMP_MIN", 1 << 5 },
	{ "SCHED_FLAG_UTIL_CLAMP_MAX", 1 << 6 },
	{ 0 },
};

static const struct word io_classes[] = {
	{ "IOPRIO_CLASS_RT", 1 },
	{ "IOPRIO_CLASS_BE", 2 },
	{ "IOPRIO_CLASS_IDLE", 3 },
	{ 0 },
};

#define ATTR(field) MEMBER_AT(struct schedule_attr, field)
static const struct member policy_members[] = {
	{ "policy", member_word, ATTR(policy), REQUIRED, .more = policies },
	{ "nice", member_integer, ATTR(nice), .low = -20, .high = 19 },
	{ "priority", member_integer, ATTR(priority), .high = 99 },
	{ "runtime", member_unsigned, ATTR(runtime), .high = UINT64_MAX },
	{ "deadline", member_unsigned, ATTR(deadline), .high = UINT64_MAX },
	{ "period", member_unsigned, ATTR(period), .high = UINT64_MAX },
	{ "flags", member_words, ATTR(flags), .more = schedule_flags },
	{ 0 },
};

/*
 * Which members fit which policy the kernel knows best, and checks; here only
 * their ranges are.
 */
static int schedule_read_policy(const struct value *value, void *field)
{
	struct schedule *schedule = field;

	schedule->attr.size = sizeof(schedule->attr);
	if (members_read(value, policy_members, &schedule->attr) < 0)
		return -1;
	schedule->policy = policies[schedule->attr.policy].name;
	return 0;
}

/* Class and level are one number: 3 bits of class above 13 of level. */
static int schedule_read_io(const struct value *value, void *field)
{
	struct io {
		uint32_t class, level;
	} io = { 0 };
	const struct member io_members[] = {
		{ "class", member_word, MEMBER_AT(struct io, class), REQUIRED,
		  .more = io_classes },
		{ "priority", member_integer, MEMBER_AT(struct io, level),
		  .high = 7 },
		{ 0 },
	};

	if (members_read(value, io_members, &io) < 0)
		return -1;
	*(int *)field = (int)(io.class << IO_CLASS_SHIFT | io.level);
	return 0;
}

static const struct member affinity_members[] = {
	{ "initial", number_list_read, MEMBER_AT(struct schedule, initial) },
	{ "final", number_list_read, MEMBER_AT(struct schedule, final) },
	{ 0 },
};

/*
 * Three members of process that have one thing in common: the kernel lets a
 * process choose them for itself, and its children keep them.
 */
const struct member schedule_members[] = {
	{ "scheduler", .read = schedule_read_policy },
	{ "ioPriority", schedule_read_io,
	  MEMBER_AT(struct schedule, io_priority) },
	{ "execCPUAffinity", member_object, .more = affinity_members },
	{ 0 },
};

/*
 * In the child.  Children inherit both, unless SCHED_FLAG_RESET_ON_FORK is
 * set.
 */
int schedule_apply(const struct schedule *schedule)
{
	if (schedule->policy &&
	    syscall(SYS_sched_setattr, 0, &schedule->attr, 0) < 0)
		return error_call(schedule_hints,
				  "process.scheduler: set the policy %s",
				  schedule->policy);
	if (schedule->io_priority && syscall(SYS_ioprio_set, IO_WHO_PROCESS, 0,
					     schedule->io_priority) < 0)
		return error_call(
			io_hints, "process.ioPriority: set %s, level %d",
			io_classes[(schedule->io_priority >> IO_CLASS_SHIFT) -
				   1]
				.name,
			schedule->io_priority & 7);
	return 0;
}

/*
 * For `exec` only.  Without it a process that joins a container starts on the
 * runtime's processors, and may disturb one that was kept free there.
 */
int schedule_choose_cpus(const struct number_list *cpus)
{
	/* By number: cpu_set_t ends at 1024 processors. */
	if (cpus->has_some && syscall(SYS_sched_setaffinity, 0,
				      sizeof(cpus->bits), cpus->bits) < 0)
		return error_call(cpus_hints,
				  "process.execCPUAffinity: run on the "
				  "processors %s",
				  cpus->text);
	return 0;
}

/* The kernel takes the group's cpuset from what is asked: cpuset(7). */
int schedule_free_cpus(void)
{
	unsigned char all[1024];

	memset(all, 0xff, sizeof(all));
	if (syscall(SYS_sched_setaffinity, 0, sizeof(all), all) < 0)
		return error_call(cpus_hints, "run on all processors");
	return 0;
}
