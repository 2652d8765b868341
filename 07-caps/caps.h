/*
 * Capabilities: the power of root, cut into about forty pieces.
 *
 * A process has five sets of them, and execve(2) computes three anew:
 *
 *     set          what it is                      after the exec of a program
 *     effective    what the kernel asks for        the same as permitted
 *     permitted    what may become effective       ambient; as uid 0: bounding
 *     inheritable  what a file may let through     unchanged
 *     bounding     the most an exec can give       unchanged
 *     ambient      what any program may keep       unchanged
 *
 * Hence the trap: uid 0 that empties permitted and effective has everything
 * back after the next exec, unless the bounding set was dropped as well.
 * And hence the order: drop bounding while CAP_SETPCAP is there, change the
 * user while CAP_SETUID is there, and only then let the rest go.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "01-uts/options.h"

#define CAPS_BIT(capability) (UINT64_C(1) << (capability))
#define CAPS_NAME_SIZE       32

/* What the user asked for.  All zero: Docker's default set, uid 0. */
struct caps {
	uint64_t added;   /* by --cap-add, not dropped again after it */
	uint64_t named;   /* those of them not added by ALL */
	uint64_t dropped; /* by --cap-drop, not added again after it */
	uid_t uid;
	gid_t gid;
	bool allow_new_privs;
};

extern const struct option_entry caps_options[];

/* One mask of CAPS_BIT() for each set. */
struct caps_sets {
	uint64_t bounding, permitted, effective, inheritable, ambient;
};

struct caps_user {
	uid_t uid;
	gid_t gid;
	const gid_t *groups; /* all further groups, so usually none */
	size_t group_count;
};

/* The number of a capability, "NET_RAW" or "cap_net_raw"; -1: no such. */
int caps_from_name(const char *name);

/* "CAP_NET_RAW"; the number where the C library has no name yet. */
void caps_to_name(int capability, char name[CAPS_NAME_SIZE]);

/* Does this process have the capability in its effective set? */
bool caps_has(int capability);

/* What this process could give to a program, now and after an exec. */
uint64_t caps_available(void);

/* Drop from the bounding set all that is not in `keep`. */
int caps_drop_bounding(uint64_t keep);

/*
 * Change all user and group ids but keep the permitted set.  A wish to die
 * with the parent, which the kernel forgets here, is renewed.
 */
int caps_change_user(const struct caps_user *user);

/* The mechanism: both of the above, then the other four sets. */
int caps_apply(const struct caps_sets *sets, const struct caps_user *user);

/* No exec can gain anything from here on: no setuid, no file capabilities. */
int caps_forbid_new_privs(void);

/*
 * The policy, in the child and as its last step: uid 0 gets what is wanted
 * and the caller has; any other uid gets only what was added by --cap-add.
 * See capabilities(7).
 */
int caps_setup(const struct caps *caps);
