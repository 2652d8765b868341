/*
 * Numbers as people write them, "0-3,7", and as the kernel wants them: one
 * bit each.  Processors and memory nodes are named this way.
 */
#pragma once

#include "10-full-container/guard/value.h"

#define NUMBERS_MAX   8192 /* more than any kernel can count */
#define NUMBERS_WORDS (NUMBERS_MAX / (8 * sizeof(unsigned long)))

struct number_list {
	const char *text; /* as it was written, for messages */
	bool is_empty;    /* no bit is set */
	unsigned long bits[NUMBERS_WORDS];
};

/* Read the member `key`; without it the list is empty. */
int number_list_read(const struct value *object, const char *key,
		     struct number_list *list);
