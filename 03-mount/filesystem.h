/*
 * A new filesystem (proc, tmpfs, devpts ...), and a mount of it.
 *
 *     fsopen(type)  ->  context  ->  fsconfig(option) ...  ->  fsmount: mount
 *
 * The context is a descriptor: options are told to it one by one, and it
 * tells in words what was wrong with one.  Linux 5.2; see fsopen(2),
 * fsconfig(2), fsmount(2).
 */
#pragma once

#include "03-mount/mounts.h"

/*
 * Make the filesystem that the row asks for.  Returns a mount without a place,
 * or -1 with errno and no message: the caller may know a way without it.
 */
int filesystem_mount(int context, const struct mount *mount);

/* Say why that failed, in the kernel's own words if it has any.  Returns -1. */
int filesystem_complain(int context, const struct mount *mount);

/*
 * Set options, "size=1m,mode=755", at a context of fsopen(2), or of fspick(2)
 * for a filesystem that exists.  -1 with errno, and no message.
 */
int filesystem_set_options(int context, const char *options);
