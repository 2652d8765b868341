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
