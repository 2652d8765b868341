/* What a seccomp filter answers, tried on every call there is. */
#pragma once

#include <linux/filter.h>
#include <stddef.h>

/* A call may have several answers, for it depends on its arguments. */
enum filter_answer {
	FILTER_ALLOWS = 1,
	FILTER_REFUSES = 2, /* an error, a signal, or the end */
	FILTER_ASKS = 4,    /* another process says what becomes of it */
};

/*
 * The answers to the calls 0 to `count` - 1 of this machine, whatever their
 * arguments are: one that is not here is never given.  -1: no memory.
 */
int filter_try(const struct sock_filter *filter, size_t length, size_t count,
	       unsigned char answers[]);
