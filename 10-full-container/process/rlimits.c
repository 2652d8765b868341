/*
 * Resource limits of a process, as setrlimit(2) has had them since BSD.
 *
 * They count for each process (or user) and not for the container as a whole:
 * for that there are cgroups.  What still needs them is the number of open
 * files.
 */
#include "10-full-container/process/rlimits.h"

#include <errno.h>
#include <stdint.h>

#include "habits/error.h"

static const struct hint rlimit_hints[] = {
	{ EPERM, "raising a hard limit needs CAP_SYS_RESOURCE, and open files "
		 "end at /proc/sys/fs/nr_open" },
	{ EINVAL, "the soft limit may not be above the hard one" },
	{ 0, NULL },
};

/* By their numbers, all sixteen: so a place in this list is a number. */
static const char *const limit_names[RLIM_NLIMITS + 1] = {
	[RLIMIT_AS] = "RLIMIT_AS",
	[RLIMIT_CORE] = "RLIMIT_CORE",
	[RLIMIT_CPU] = "RLIMIT_CPU",
	[RLIMIT_DATA] = "RLIMIT_DATA",
	[RLIMIT_FSIZE] = "RLIMIT_FSIZE",
	[RLIMIT_LOCKS] = "RLIMIT_LOCKS",
	[RLIMIT_MEMLOCK] = "RLIMIT_MEMLOCK",
	[RLIMIT_MSGQUEUE] = "RLIMIT_MSGQUEUE",
	[RLIMIT_NICE] = "RLIMIT_NICE",
	[RLIMIT_NOFILE] = "RLIMIT_NOFILE",
	[RLIMIT_NPROC] = "RLIMIT_NPROC",
	[RLIMIT_RSS] = "RLIMIT_RSS",
	[RLIMIT_RTPRIO] = "RLIMIT_RTPRIO",
	[RLIMIT_RTTIME] = "RLIMIT_RTTIME",
	[RLIMIT_SIGPENDING] = "RLIMIT_SIGPENDING",
	[RLIMIT_STACK] = "RLIMIT_STACK",
};

/*
 * One item of process.rlimits.  A type that is there twice is an error in the
 * specification's words: which of the two was meant?
 */
static int rlimits_read_one(struct rlimits *limits, const struct value *item)
{
	uint64_t soft = 0, hard = 0;
	size_t number = 0;

	if (value_item_object(item) < 0 || value_require(item, "type") < 0 ||
	    value_require(item, "soft") < 0 ||
	    value_require(item, "hard") < 0 ||
	    value_word(item, "type", limit_names, &number) < 0 ||
	    value_unsigned(item, "soft", UINT64_MAX, &soft) < 0 ||
	    value_unsigned(item, "hard", UINT64_MAX, &hard) < 0)
		return -1;
	if (limits->is_set[number])
		return value_complain(item, "a limit of its own: the type is "
					    "there twice");
	limits->is_set[number] = true;
	limits->values[number] = (struct rlimit){ soft, hard };
	return 0;
}

/* Without any the limits are those of who called the runtime. */
int rlimits_read(struct rlimits *limits, const struct value *process)
{
	struct value array, item;

	if (value_array(process, "rlimits", &array) < 0)
		return -1;
	for (size_t i = 0; i < value_count(&array); i++) {
		item = value_item(&array, i);
		if (rlimits_read_one(limits, &item) < 0)
			return -1;
	}
	return 0;
}

/*
 * In the child, as late as possible: a low RLIMIT_NOFILE would stop the
 * runtime's own steps.
 */
int rlimits_apply(const struct rlimits *limits)
{
	for (int i = 0; i < RLIM_NLIMITS; i++) {
		const struct rlimit *value = &limits->values[i];

		if (limits->is_set[i] &&
		    setrlimit((__rlimit_resource_t)i, value) < 0)
			return error_call(rlimit_hints,
					  "process.rlimits: set %s to %ju, at "
					  "most %ju",
					  limit_names[i],
					  (uintmax_t)value->rlim_cur,
					  (uintmax_t)value->rlim_max);
	}
	return 0;
}
