/*
 * A process that ended before it was a program, and could not say why.
 *
 * Its messages come over the channel, and so does its end.  If there is an end
 * and no message, it was killed: by somebody, or by the kernel, because there
 * is no memory left in its group.
 */
#pragma once

#include <sys/types.h>

#include "10-full-container/talk/state.h"

/*
 * The other side of the channel is gone.  Say why, if it has not said so
 * itself: `doing` is "create", say.  Our own child, and not waited for yet.
 * Always -1.
 */
int ended_explain(pid_t pid, const struct state *state, const char *doing);

/*
 * The channel was closed: by exec, or by the end of the process?  -1 after a
 * message if it ended first.  Of somebody else's child nothing may be left to
 * look at: then its last word counts (SYNC_EXEC).
 */
int ended_before_exec(pid_t pid, const struct state *state, const char *doing,
		      bool is_last);
