/* Will this system let us, and whose are the ids that we would take? */
#pragma once

#include "07-caps/userns.h"

/*
 * In the parent, before there is a child: can it have the namespaces that it
 * needs?  `with_userns` says that one of users is among them.
 */
int userns_check(bool with_userns);

/*
 * In the parent, before there is a child: may we map these ids of users and
 * groups to others?  In a container they may not be ours to give.  1, 0, or -1
 * after a message.
 */
int userns_has_range(uint32_t first, uint32_t count);

/*
 * On either side: are we user 0 of the first user namespace, which owns the
 * host's resources?  User 0 need not be: engines of ordinary users run us in
 * one of their own.  1, 0, or -1 after a message.
 */
int userns_is_host_root(void);
