/*
 * Descriptors that go to another process, beside a message (SCM_RIGHTS).
 *
 * Their numbers mean nothing there: the receiver gets new ones for the same
 * open files, even when the sender has ended before it looks.  See unix(7).
 */
#pragma once

#include <stddef.h>
#include <sys/types.h>

#define PASS_MAX 3

/* -1 with errno, and without a message. */
int pass_send(int socket, const void *data, size_t size, const int *fds,
	      int count);

/*
 * The message's length, or -1 with errno, without a message: EMFILE, if not all
 * descriptors could be taken.  -1 in fds: none came.  They are closed on exec
 * from their first moment.
 */
ssize_t pass_receive(int socket, void *data, size_t size, int *fds, int count,
		     int flags);
