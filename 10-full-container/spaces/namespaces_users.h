/*
 * A user namespace that is somebody else's.
 *
 * It has to be entered before the other namespaces are made, or those would
 * belong to the host's root and not to the container's.  But who has entered
 * one cannot come back.  So a short-lived helper goes there and starts the
 * container from there, with CLONE_PARENT: as a child of the runtime, not of
 * its own.
 */
#pragma once

#include <linux/sched.h>

#include "01-uts/child.h"
#include "07-caps/userns.h"

/*
 * Run `start(argument)`, which enters the namespace and starts `child` with
 * CLONE_PARENT, in a helper: as if it had been done here.  0, or -1 after a
 * message.
 */
int namespaces_users_run(int (*start)(void *), void *argument,
			 struct child *child);

/* In the helper: child_start(), for a child that waits at no gate. */
int namespaces_users_start(struct child *child, struct clone_args *args,
			   int (*inside)(void *), void *argument);

/*
 * Who can be who in it: read from `directory`, /proc/PID.  From then on
 * namespaces_users_become_root() does that.
 */
int namespaces_users_read(struct userns *userns, const char *directory);

/* In the child: userns_enter(), of one's own or this one, and stay hidden. */
int namespaces_users_become_root(const struct userns *userns);
