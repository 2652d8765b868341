/*
 * The options of `update`: each is one member of a resources object, by the
 * table of limits (group/limits.c).
 *
 * So there is one way for all: options become the JSON that --resources would
 * give, and that is what update.c works with.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "habits/error.h"
#include "10-full-container/group/limits.h"
#include "10-full-container/life/command.h"

/* One message for both kinds; only bytes have units to tell of. */
static int update_complain(const char *name, const char *value, bool has_units)
{
	return error_input(has_units
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
			       bool has_units, json_int_t *number)
{
	static const char units[] = "bkmgtp";
	const char *unit, *digits = value + (value[0] == '-');
	char *end;
	int power = 0;

	errno = 0;
	*number = strtoll(value, &end, 10);
	if (!isdigit((unsigned char)*digits) || errno != 0)
		return update_complain(name, value, has_units);
	unit = *end ? strchr(units, tolower((unsigned char)*end)) : NULL;
	if (has_units && unit && *number >= 0) {
		power = (int)(unit - units);
		end++;
		end += strcasecmp(end, "ib") == 0 ? 2
						  : strcasecmp(end, "b") == 0;
	}
	if (*end)
		return update_complain(name, value, has_units);
	for (; power > 0; power--)
		if (__builtin_mul_overflow(*number, 1024, number))
			return update_complain(name, value, has_units);
	return 0;
}

/* An option that is given twice: the later one counts. */
static int update_set(json_t **resources, const struct limit *row,
		      json_t *value)
{
	json_t *object;

	if (!*resources)
		*resources = json_object();
	object = json_object_get(*resources, row->object);
	if (!object) {
		object = json_object();
		json_object_set_new(*resources, row->object, object);
	}
	if (json_object_set_new(object, row->member, value) < 0)
		return error_call(NULL, "note the limits");
	return 0;
}

/* The field is the object that all of them share. */
static int update_parse(void *field, const char *name, const char *value)
{
	const struct limit *row = limit_of_option(name);
	bool has_units = row->kind == LIMIT_BYTES || row->kind == LIMIT_SWAP ||
			 row->kind == LIMIT_RESERVATION;
	json_int_t number = 0;

	if (row->kind == LIMIT_LIST)
		return update_set(field, row, json_string(value));
	if (update_parse_number(name, value, has_units, &number) < 0)
		return -1;
	return update_set(field, row, json_integer(number));
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
