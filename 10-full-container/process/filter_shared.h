/*
 * Calls of 32-bit x86 that share a number.
 *
 * It first had one call, socketcall, for all that has to do with sockets, and
 * one, ipc, for System V's objects; their first argument says what is meant.
 * Linux 4.3 and 5.1 gave most of them numbers of their own, so each can now
 * be made in two ways, and a filter has to know both.
 */
#pragma once

#include <stdint.h>

struct filter_shared {
	int number;    /* of the call that it is a part of; 0: of none */
	uint64_t part; /* that call's first argument */
};

/*
 * libseccomp answers with a number of its own below 0.  Returns the number
 * the call has alone, -1 if there is none; and fills *shared.
 */
int filter_split(int resolved, struct filter_shared *shared);
