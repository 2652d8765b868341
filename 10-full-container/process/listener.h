/*
 * SCMP_ACT_NOTIFY: somebody outside decides about a system call.
 *
 * A filter with that action comes with a descriptor.  Who reads from it
 * learns of each such call, which waits until it is answered: see
 * seccomp_unotify(2).  The process that loads the filter has the descriptor,
 * so it has to send it on before it makes such a call itself.
 */
#pragma once

#include "10-full-container/process/filter.h"

/* In the child, while the host's paths are there: connect to listenerPath. */
int listener_connect(struct filter *filter);

/*
 * Write what it is to be told: the state, as JSON text, and the child's number
 * in the host.  Without a listener neither does anything.
 */
int listener_describe(struct filter *filter, const char *state, pid_t pid);

/* In the child, once the filter is loaded: pass its descriptor on. */
int listener_send(const struct filter *filter, int descriptor);

void listener_free(struct filter *filter);
