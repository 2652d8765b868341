/*
 * Numbers as people write them, "0-3,7", and as the kernel wants them: one
 * bit each.  Processors and memory nodes are named this way.
 */
#pragma once

#include "05-cgroups/beyond/lists.h"
#include "10-full-container/guard/member.h"

#define NUMBERS_WORDS (LISTS_MAX / (8 * sizeof(unsigned long)))

struct number_list {
	const char *text; /* as it was written, for messages */
	bool has_some;    /* a bit is set */
	unsigned long bits[NUMBERS_WORDS];
};

member_read number_list_read;
