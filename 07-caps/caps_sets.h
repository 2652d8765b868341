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
#include <stdint.h>
#include <sys/types.h>

#include "07-caps/caps.h"

#define CAPS_BIT(capability) (UINT64_C(1) << (capability))
#define CAPS_ALL             UINT64_MAX

/* One mask of CAPS_BIT() for each set. */
struct caps_sets {
	uint64_t bounding, permitted, effective, inheritable, ambient;
};

/*
 * On either side: is it in the caller's effective set?  "No" also if the check
 * fails.
 */
bool caps_has(int capability);

/* On either side: of `wanted`, what the caller has and no exec takes away. */
uint64_t caps_available(uint64_t wanted);

/* On either side: the sets for who could be given all that is `available`. */
struct caps_sets caps_plan(const struct caps *caps, uint64_t available);

/*
 * In the child: the steps, in the order in which they have to come.  Whatever
 * fails leaves less than was wanted, so the caller must end.
 */
int caps_drop_bounding(uint64_t keep); /* needs CAP_SETPCAP */
int caps_change_user(uid_t uid, gid_t gid);
int caps_set_three(const struct caps_sets *sets); /* but the two others */
int caps_set_ambient(uint64_t mask);
int caps_forbid_new_privs(void);
