/*
 * The options of `update`: each is one member of a resources object.
 *
 * So there is one way for all: options become the JSON that --resources would
 * give, and that is what update.c works with.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "habits/error.h"
#include "10-full-container/life/command.h"

enum update_kind { UPDATE_NUMBER, UPDATE_BYTES, UPDATE_TEXT };

/* What an option is called in config.json, below linux.resources. */
static const struct {
	const char *option, *object, *member;
	enum update_kind kind;
} update_members[] = {
	{ "memory", "memory", "limit", UPDATE_BYTES },
	{ "memory-reservation", "memory", "reservation", UPDATE_BYTES },
	{ "memory-swap", "memory", "swap", UPDATE_BYTES },
	{ "cpu-share", "cpu", "shares", UPDATE_NUMBER },
	{ "cpu-quota", "cpu", "quota", UPDATE_NUMBER },
	{ "cpu-period", "cpu", "period", UPDATE_NUMBER },
	{ "cpu-burst", "cpu", "burst", UPDATE_NUMBER },
	{ "cpu-idle", "cpu", "idle", UPDATE_NUMBER },
	{ "cpu-rt-period", "cpu", "realtimePeriod", UPDATE_NUMBER },
	{ "cpu-rt-runtime", "cpu", "realtimeRuntime", UPDATE_NUMBER },
	{ "cpuset-cpus", "cpu", "cpus", UPDATE_TEXT },
	{ "cpuset-mems", "cpu", "mems", UPDATE_TEXT },
	{ "pids-limit", "pids", "limit", UPDATE_NUMBER },
	{ "blkio-weight", "blockIO", "weight", UPDATE_NUMBER },
};

/* One message for both kinds; only bytes have units to tell of. */
static int update_complain(const char *name, const char *value,
			   enum update_kind kind)
{
	return error_input(kind == UPDATE_BYTES
				   ? "a number of bytes, also as 64K, 32M, 1G; "
				     "-1 is no limit"
				   : NULL,
			   "option --%s: \"%s\" is not a number", name, value);
}

/*
 * "512", "-1" and, of bytes, "64K", "32m", "1GiB": engines pass on what their
 * own users write.
 */
static int update_parse_number(const char *name, const char *value,
			       enum update_kind kind, json_int_t *number)
{
	static const char units[] = "bkmgtp";
	const char *unit, *digits = value + (value[0] == '-');
	char *end;
	int power = 0;

	errno = 0;
	*number = strtoll(value, &end, 10);
	if (!isdigit((unsigned char)*digits) || errno != 0)
		return update_complain(name, value, kind);
	unit = *end ? strchr(units, tolower((unsigned char)*end)) : NULL;
	if (kind == UPDATE_BYTES && unit && *number >= 0) {
		power = (int)(unit - units);
		end++;
		end += strcasecmp(end, "ib") == 0 ? 2
						  : strcasecmp(end, "b") == 0;
	}
	if (*end)
		return update_complain(name, value, kind);
	for (; power > 0; power--)
		if (__builtin_mul_overflow(*number, 1024, number))
			return update_complain(name, value, kind);
	return 0;
}

/* An option that is given twice: the later one counts. */
static int update_set(json_t **resources, const char *object,
		      const char *member, json_t *value)
{
	json_t *kind;

	if (!*resources)
		*resources = json_object();
	kind = json_object_get(*resources, object);
	if (!kind) {
		kind = json_object();
		json_object_set_new(*resources, object, kind);
	}
	if (json_object_set_new(kind, member, value) < 0)
		return error_call(NULL, "note the limits");
	return 0;
}

/* The field is the object that all of them share. */
static int update_parse(void *field, const char *name, const char *value)
{
	json_int_t number = 0;
	size_t i = 0;

	while (strcmp(update_members[i].option, name) != 0)
		i++;
	if (update_members[i].kind == UPDATE_TEXT)
		return update_set(field, update_members[i].object,
				  update_members[i].member, json_string(value));
	if (update_parse_number(name, value, update_members[i].kind, &number) <
	    0)
		return -1;
	return update_set(field, update_members[i].object,
			  update_members[i].member, json_integer(number));
}

#define LIMIT(name, argument, help)                         \
	{                                                   \
		0, name, argument, help, update_parse,      \
			offsetof(struct request, resources) \
	}

const struct option_entry update_options[] = {
	{ 'r', "resources", "FILE", "linux.resources as JSON; - is the input",
	  option_string, offsetof(struct request, limits_file) },
	LIMIT("memory", "BYTES", "at most so much memory; -1: no limit"),
	LIMIT("memory-reservation", "BYTES", "is left to it when it is short"),
	LIMIT("memory-swap", "BYTES", "memory and swap together"),
	LIMIT("cpu-share", "N", "its part when all want to run (2-262144)"),
	LIMIT("cpu-quota", "USEC", "of cpu time in each period"),
	LIMIT("cpu-period", "USEC", "the length of a period"),
	LIMIT("cpu-burst", "USEC", "unused time to keep for later"),
	LIMIT("cpu-idle", "0|1", "1: run only when nobody else does"),
	LIMIT("cpu-rt-period", "USEC", "v1: the period of real-time tasks"),
	LIMIT("cpu-rt-runtime", "USEC", "v1: their cpu time in it"),
	LIMIT("cpuset-cpus", "LIST", "run on these, as 0-2,7"),
	LIMIT("cpuset-mems", "LIST", "memory from these NUMA nodes"),
	LIMIT("pids-limit", "N", "at most so many processes; -1: no limit"),
	LIMIT("blkio-weight", "N", "its part of the disks (10-1000)"),
	{ 0 },
};
