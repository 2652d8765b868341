/* Whose machine is it: are we its root, or only the root of a namespace? */
#pragma once

/*
 * User 0 in the first user namespace, which owns the host's resources?  1, 0,
 * or -1 after a message.
 */
int privilege_is_root(void);
