/*
 * To wait for something, and hear who asks us to give up.
 *
 * `create` and `run` hold signals back (01-uts/child.h), so that nothing is
 * left half made.  But what they wait for may never come: a hook that hangs, a
 * process that waits for a disk.  So a TERM that arrives while they wait ends
 * the wait, and then all is undone as after any failure.
 */
#pragma once

#include <poll.h>

#define PATIENCE_MS 100 /* before anybody could get impatient */

/*
 * poll(2) for one or two descriptors, until then or a signal that was held
 * back: how many are ready, 0 when the time (-1: without end) is over, -1 after
 * a message, in which `what` is what was waited for.
 */
int patience_poll(struct pollfd *fds, int count, int timeout_ms,
		  const char *what);
