/*
 * Capabilities: the power of root, cut into about forty pieces.
 *
 * The kernel never asks "is this root?" but "has it CAP_CHOWN?".  A container
 * gets the few that programs need on their own files and network, and not
 * those that reach the whole machine: CAP_SYS_ADMIN, CAP_SYS_MODULE, ...
 * They say what a process may *do*; whose files it may open is still decided
 * by its user, and uid 0 without capabilities still owns root's files.
 */
#pragma once

#include <stdint.h>
#include <sys/types.h>

#include "habits/options.h"

/* What the user asked for.  All zero: Docker's default set, uid 0. */
struct caps {
	uint64_t added;   /* by --cap-add, not dropped again after it */
	uint64_t named;   /* those of them that were not added by ALL */
	uint64_t dropped; /* by --cap-drop, not added again after it */
	uid_t uid;
	gid_t gid;
	bool allow_new_privs;
};

extern const struct option_entry caps_options[];

/*
 * In the child: when all else is done, change to the user and keep only what
 * is wanted.  A default capability that the caller lacks is left out; one
 * that was added by name is an error then.
 *
 *     uid 0      permitted = bounding = (default - dropped) + added
 *     any other  bounding the same, but only what was added is permitted,
 *                and ambient so that it survives the exec
 *
 * no_new_privs is always set unless `allow_new_privs`.  Docker does not set
 * it, for the sake of sudo and ping in its images.
 */
int caps_setup(const struct caps *caps);
