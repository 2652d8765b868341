/* Whose machine is it: are we its root, or only the root of a namespace? */
#pragma once

#include <stdbool.h>

/* User 0 in the first user namespace, which owns the host's resources. */
bool privilege_is_root(void);
