/*
 * The five capability sets of a process, and what execve(2) makes of them.
 *
 *     set          what it is                     in the next program
 *     effective    what the kernel asks for       the same as permitted
 *     permitted    what may become effective      ambient; for uid 0: bounding
 *     inheritable  what a file may let through    unchanged
 *     bounding     the most a file can give       unchanged
 *     ambient      what needs no file to pass     unchanged
 *
 * Hence the trap: uid 0 that only empties permitted and effective has it all
 * back after the next exec.  And hence the order: drop bounding while there
 * is CAP_SETPCAP, change the user while there is CAP_SETUID, then the rest.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define CAPS_BIT(capability) (UINT64_C(1) << (capability))
#define CAPS_NAME_SIZE       32

/* One mask of CAPS_BIT() for each set. */
struct caps_sets {
	uint64_t bounding, permitted, effective, inheritable, ambient;
};

struct caps_user {
	uid_t uid;
	gid_t gid;
	const gid_t *groups; /* the only further groups; usually none */
	size_t group_count;
};

/* "NET_RAW" or "cap_net_raw" to a number; -1: the kernel has none such. */
int caps_from_name(const char *name);

/* "CAP_NET_RAW"; the number where libcap has no name yet. */
void caps_to_name(int capability, char name[CAPS_NAME_SIZE]);

/* "close to it: CAP_NET_RAW, ..." for a word that is none; or "". */
void caps_list_near(const char *word, char *list, size_t size);

/* Is it in the caller's effective set?  "No" also if the check fails. */
bool caps_has(int capability);
int caps_check(void);
/* What the caller can keep and no exec takes away: permitted and bounding. */
uint64_t caps_available(void);
uint64_t caps_available_of(uint64_t wanted); /* one system call for each */

/* Drop all from the bounding set that `keep` lacks.  Needs CAP_SETPCAP. */
int caps_drop_bounding(uint64_t keep);
/* Change all ids but keep permitted, and the wish to die with the parent. */
int caps_change_user(const struct caps_user *user);
/* Both of these, then the other four sets.  See capabilities(7). */
int caps_apply(const struct caps_sets *sets, const struct caps_user *user);

int caps_forbid_new_privs(void); /* PR_SET_NO_NEW_PRIVS in prctl(2) */
