/*
 * linux.seccomp: system calls by name become rules by number, and a program.
 *
 * An x86-64 kernel also runs 32-bit programs, so it is the numbers of several
 * architectures.  libseccomp has them all.
 */
#pragma once

#include <linux/filter.h>

#include "10-full-container/guard/member.h"

struct filter {
	struct sock_fprog program; /* len 0: none; free(program.filter) */
	unsigned int flags;        /* SECCOMP_FILTER_FLAG_* */
	const char *listener;      /* who is notified; NULL: nobody */
	const char *metadata;      /* and what else it is told; or NULL */
	int socket;                /* to the listener: see listener.h */
	char *message;
};

/* The words of config.json. */
extern const struct word filter_archs[], filter_actions[], filter_compares[],
	filter_flags[];

member_read filter_read; /* linux.seccomp: read and compiled */

/*
 * In the child: load it, which needs no_new_privs or CAP_SYS_ADMIN.  Returns
 * 0, with SECCOMP_FILTER_FLAG_NEW_LISTENER the descriptor to listen at, or -1
 * after a message.
 */
int filter_load(const struct filter *filter);
