/*
 * A scope: a group that systemd makes for processes which others have started.
 *
 * systemd's other units start their processes themselves.  A scope is given
 * the process that is to be in it, so it cannot be there before the child.
 */
#pragma once

#include <jansson.h>
#include <sys/types.h>

#include "10-full-container/group/limits_read.h"

/*
 * Have systemd make the scope `unit` below `slice` (NULL: where the manager
 * puts scopes) and move the process there; `limits` and annotations become
 * properties of it.  Returns when the process is in its group, or -1.
 */
int systemd_start_scope(const char *unit, const char *slice, pid_t pid,
			const struct limits *limits, const json_t *annotations);

/*
 * The path of the group, "/system.slice/box.scope", for free(), or NULL after
 * a message.  The process must be in it; 0 is the caller.
 */
char *systemd_scope_path(const char *unit, pid_t pid);

/* Tell systemd of new limits, or it would write the old ones again. */
int systemd_change_scope(const char *unit, const struct limits *limits);

/* End it.  Nothing runs in it any more; it may be gone already. */
int systemd_stop_scope(const char *unit);
