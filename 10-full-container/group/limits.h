/*
 * The table of limits: what each is called by whom.
 *
 *     config.json   linux.resources.memory.limit, in the words of cgroup v1
 *     the kernel    the file "memory.max" of a group
 *     systemd       the property MemoryMax of a unit
 *     update        the option --memory
 *
 * All that reads, writes, changes or tells a limit goes through it, so a limit
 * is added in one row.  Files have the names of v2, which stage 05 translates
 * where a machine still has v1.  A name of v1's own is for what v2 cannot do:
 * there the kernel has no such file, and the limit is refused.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum limit_kind {
	LIMIT_BYTES,
	LIMIT_NUMBER,  /* of 32 bits */
	LIMIT_TIME,    /* in microseconds */
	LIMIT_PERCENT, /* 0 to 100 */
	LIMIT_SWITCH,  /* 0 or 1 */
	LIMIT_BOOL,    /* true or false */
	LIMIT_LIST,    /* "0-3,8" */

	/* What is counted otherwise in v2: each has a function. */
	LIMIT_SWAP,
	LIMIT_RESERVATION,
	LIMIT_SHARES,
	LIMIT_QUOTA,
	LIMIT_PERIOD,
	LIMIT_BURST,
	LIMIT_PIDS,
	LIMIT_WEIGHT, /* of disks, and of each one */
	LIMIT_RATE,   /* of one disk; its word is in the file's name */
};

struct limit {
	const char *object, *member; /* of linux.resources; NULL: `unified` */
	const char *file;
	enum limit_kind kind;
	bool is_v1;       /* v2 has no such file */
	const char *none; /* asks for nothing: needs no file to be had */
	bool has_zero;    /* as a value; else engines mean "not given" by it */
	const char *systemd, *update; /* their words; NULL: they have none */
};

extern const struct limit limits_table[]; /* ends with a file of NULL */

/* The row of a file of v2, "memory.max", or NULL. */
const struct limit *limit_of_file(const char *file);

/* The row of a member of config.json, or with NULL any of the object's. */
const struct limit *limit_of_member(const char *object, const char *member);

/* The row of an option of `update`: each of them has one (tested). */
const struct limit *limit_of_option(const char *option);
