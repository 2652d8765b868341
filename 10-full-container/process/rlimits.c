/* setrlimit(2): for each process (or user), not for a container as a whole. */
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

/* By their numbers, so that a place in this list is a number. */
#define RLIMIT(name)                           \
	{                                      \
		"RLIMIT_" #name, RLIMIT_##name \
	}
static const struct word limit_names[RLIM_NLIMITS + 1] = {
	RLIMIT(CPU),      RLIMIT(FSIZE),  RLIMIT(DATA),
	RLIMIT(STACK),    RLIMIT(CORE),   RLIMIT(RSS),
	RLIMIT(NPROC),    RLIMIT(NOFILE), RLIMIT(MEMLOCK),
	RLIMIT(AS),       RLIMIT(LOCKS),  RLIMIT(SIGPENDING),
	RLIMIT(MSGQUEUE), RLIMIT(NICE),   RLIMIT(RTPRIO),
	RLIMIT(RTTIME),   { 0 }
};

struct rlimit_item {
	uint32_t number;
	uint64_t soft, hard;
};

static const struct member rlimit_members[] = {
	{ "type", member_word, MEMBER_AT(struct rlimit_item, number), REQUIRED,
	  .more = limit_names },
	{ "soft", member_unsigned, MEMBER_AT(struct rlimit_item, soft),
	  REQUIRED, .high = UINT64_MAX },
	{ "hard", member_unsigned, MEMBER_AT(struct rlimit_item, hard),
	  REQUIRED, .high = UINT64_MAX },
	{ 0 },
};

/*
 * Without any the limits are those of who called the runtime.  A type that is
 * there twice is an error in the specification's words: which of the two was
 * meant?
 */
int rlimits_read(const struct value *array, void *field)
{
	struct rlimits *limits = field;

	if (value_item_array(array) < 0)
		return -1;
	for (size_t i = 0; i < value_count(array); i++) {
		struct value item = value_item(array, i);
		struct rlimit_item read;

		if (members_read(&item, rlimit_members, &read) < 0)
			return -1;
		if (limits->is_set[read.number])
			return value_complain(&item, "a limit of its own: the "
						     "type is there twice");
		limits->is_set[read.number] = true;
		limits->values[read.number] =
			(struct rlimit){ read.soft, read.hard };
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
					  limit_names[i].name,
					  (uintmax_t)value->rlim_cur,
					  (uintmax_t)value->rlim_max);
	}
	return 0;
}
