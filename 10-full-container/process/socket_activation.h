/*
 * Sockets that the caller had opened before it started us: sd_listen_fds(3).
 *
 * systemd, and an engine in its place, leave them open from descriptor 3 on,
 * and name their number (LISTEN_FDS) and who they are for (LISTEN_PID) in the
 * environment.  They are for the container's program, as in runc and crun,
 * which is process 1 as far as it can see.
 */
#pragma once

#include "10-full-container/process/process.h"

/* How many they are, if they are for this process; the others are no matter. */
unsigned int socket_activation_count(void);

/* Tell the container's process, of whose variables these two are replaced. */
int socket_activation_tell(struct process *process, unsigned int count);
