/*
 * The host's /proc and /sys, where the old root stays below the new one.
 *
 * Masks are mounts over files of one procfs; who mounts another one has it
 * without them.  So the kernel lets a user namespace mount a procfs or a sysfs
 * only if one is in its mount namespace that is whole, nothing in it covered
 * (mount_too_revealing() in fs/namespace.c).  With pivot_root(2) the only ones
 * left are the container's.  With --no-pivot the host's are still there, and
 * whole: no path leads to them, and the kernel counts them all the same.
 */
#pragma once

#include "07-caps/caps_sets.h"

/*
 * In the child, in its own mount namespace, with the host's root still its
 * own: take those away that are not below the mount `root`.
 */
int hide_host(int root);

/*
 * In a user namespace what is mounted inside is not locked: who has
 * CAP_SYS_ADMIN there takes the root away, and enters the mount namespace
 * anew, in what is below.  -1 after a message.
 */
int hide_host_check(const struct caps_sets *caps);
