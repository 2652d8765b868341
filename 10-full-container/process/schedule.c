/*
 * How a process competes for a processor, and for the disk.
 *
 * Inside of its group, that is: between groups the group's weight decides
 * (05-cgroups). sched_setattr(2) and ioprio_set(2) have no wrappers in the C
 * library.  The priority of disk requests means something to the scheduler
 * BFQ.
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

/* In the order of the kernel's numbers for them: see sched(7). */
static const char *const policy_names[] = {
	"SCHED_OTHER", "SCHED_FIFO", "SCHED_RR",       "SCHED_BATCH",
	"SCHED_ISO",   "SCHED_IDLE", "SCHED_DEADLINE", NULL,
};

/* In the order of their bits: see <linux/sched.h>. */
static const char *const schedule_flags[] = {
	"SCHED_FLAG_RESET_ON_FORK",  "SCHED_FLAG_RECLAIM",
	"SCHED_FLAG_DL_OVERRUN",     "SCHED_FLAG_KEEP_POLICY",
	"SCHED_FLAG_KEEP_PARAMS",    "SCHED_FLAG_UTIL_CLAMP_MIN",
	"SCHED_FLAG_UTIL_CLAMP_MAX", NULL,
};

/* In the order of the kernel's numbers, from 1 on. */
static const char *const io_classes[] = {
	"IOPRIO_CLASS_RT",
	"IOPRIO_CLASS_BE",
	"IOPRIO_CLASS_IDLE",
	NULL,
};

static int schedule_read_flags(struct schedule_attr *attr,
			       const struct value *node)
{
	struct value array, item;
	size_t bit = 0;

	if (value_array(node, "flags", &array) < 0)
		return -1;
	for (size_t i = 0; i < value_count(&array); i++) {
		item = value_item(&array, i);
		if (value_item_word(&item, schedule_flags, &bit) < 0)
			return -1;
		attr->flags |= 1U << bit;
	}
	return 0;
}

/*
 * Which members fit which policy the kernel knows best, and checks; here only
 * their ranges are.
 */
static int schedule_read_policy(struct schedule *schedule,
				const struct value *process)
{
	struct schedule_attr *attr = &schedule->attr;
	int64_t nice = 0, priority = 0;
	struct value node;
	size_t policy = 0;

	if (value_object(process, "scheduler", &node) < 0 || !node.value)
		return node.value ? -1 : 0;
	if (value_require(&node, "policy") < 0 ||
	    value_word(&node, "policy", policy_names, &policy) < 0 ||
	    value_integer(&node, "nice", -20, 19, &nice) < 0 ||
	    value_integer(&node, "priority", 0, 99, &priority) < 0 ||
	    value_unsigned(&node, "runtime", UINT64_MAX, &attr->runtime) < 0 ||
	    value_unsigned(&node, "deadline", UINT64_MAX, &attr->deadline) <
		    0 ||
	    value_unsigned(&node, "period", UINT64_MAX, &attr->period) < 0 ||
	    schedule_read_flags(attr, &node) < 0)
		return -1;
	schedule->policy = policy_names[policy];
	attr->size = sizeof(*attr);
	attr->policy = (uint32_t)policy;
	attr->nice = (int32_t)nice;
	attr->priority = (uint32_t)priority;
	return 0;
}

/* Class and level are one number: 3 bits of class above 13 of level. */
static int schedule_read_io(struct schedule *schedule,
			    const struct value *process)
{
	int64_t level = 0;
	struct value node;
	size_t class = 0;

	if (value_object(process, "ioPriority", &node) < 0 || !node.value)
		return node.value ? -1 : 0;
	if (value_require(&node, "class") < 0 ||
	    value_word(&node, "class", io_classes, &class) < 0 ||
	    value_integer(&node, "priority", 0, 7, &level) < 0)
		return -1;
	schedule->io_priority = (int)(class + 1) << IO_CLASS_SHIFT | (int)level;
	return 0;
}

/*
 * Three members of process that have one thing in common: the kernel lets a
 * process choose them for itself, and its children keep them.
 */
int schedule_read(struct schedule *schedule, const struct value *process)
{
	struct value affinity;

	if (schedule_read_policy(schedule, process) < 0 ||
	    schedule_read_io(schedule, process) < 0 ||
	    value_object(process, "execCPUAffinity", &affinity) < 0 ||
	    number_list_read(&affinity, "initial", &schedule->initial) < 0 ||
	    number_list_read(&affinity, "final", &schedule->final) < 0)
		return -1;
	return 0;
}

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
				   1],
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
	if (!cpus->is_empty && syscall(SYS_sched_setaffinity, 0,
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
