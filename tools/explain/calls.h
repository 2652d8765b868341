/* Which system calls are steps, and who tells them. */
#pragma once

#include <stddef.h>

#include "tools/explain/tell.h"

/* When the filter stops the program at a call; with ALWAYS_, at each. */
enum call_only {
	ALWAYS,
	ONLY_NETLINK, /* socket(AF_NETLINK, ...) */
	ONLY_KNOWN,   /* prctl() of an option that we tell */
	ONLY_TRACE,   /* ptrace() that begins to trace somebody */
	ONLY_NEW,     /* prlimit64() that sets a limit */
	ONLY_SHORT,   /* write() of some bytes, as settings are */
};

struct call_row {
	const char *name;
	const char *shape; /* for --all: s text, d number, x bits, f file */
	call_tell *begin;  /* at its entry */
	call_tell *end;    /* at its end; NULL: nothing more is known there */
	enum call_only only;
};

extern const struct call_row call_rows[]; /* ends with a name of NULL */

/* The row of a call by its number; NULL: it is no step. */
const struct call_row *call_row(uint64_t number);

/* The options of prctl() that are told; ends with 0. */
extern const int call_prctl_options[];
