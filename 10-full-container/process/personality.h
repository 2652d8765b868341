/*
 * The personality: for which kind of Linux a program was built.
 *
 * With LINUX32 a 64-bit kernel calls itself a 32-bit one (uname -m: i686), so
 * that the build of a 32-bit program finds what it expects.
 */
#pragma once

#include "10-full-container/guard/member.h"

struct personality {
	const struct word *domain; /* NULL: as it comes */
};

extern const struct member personality_members[]; /* linux.personality */

/* In the child: take it on; it survives exec.  See personality(2). */
int personality_apply(const struct personality *persona);
