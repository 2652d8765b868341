/*
 * The personality: for which kind of Linux a program was built.
 *
 * With LINUX32 a 64-bit kernel calls itself a 32-bit one (uname -m: i686), so
 * that the build of a 32-bit program finds what it expects.
 */
#pragma once

#include "10-full-container/guard/value.h"

struct personality {
	const char *name; /* NULL: as it comes */
	unsigned long number;
};

/* Read the member personality of `linux`. */
int personality_read(struct personality *persona,
		     const struct value *linux_node);

/* In the child: take it on; it survives exec.  See personality(2). */
int personality_apply(const struct personality *persona);
