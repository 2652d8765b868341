/* Which error fits which system call: what it really answers on a bad day. */
#pragma once

#include <stdbool.h>

struct call {
	const char *name;
	int error; /* of a machine that is full, or forbids it */
	int other; /* one more that callers treat otherwise; 0: none */
	int text;  /* the argument that is worth showing as text; -1: none */
	bool is_interrupted; /* a signal may end it: EINTR */
	bool happens;        /* even if it fails, as close(2) does */
};

/* NULL: a call that cannot fail, or whose failure is nobody's concern. */
const struct call *call_find(long number);

/* "openat"; "?" if the headers that built this have no such number. */
const char *call_name(long number);
