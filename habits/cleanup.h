/*
 * What a function opens it must close on every way out.
 *
 * GCC and clang call a function when a variable goes out of scope if the
 * variable carries the cleanup attribute.  So a descriptor or a piece of
 * memory is released in the line that declares it, and an early `return -1`
 * leaks nothing.  Things the kernel keeps after we are gone (cgroups,
 * mounts, network devices) are not hidden this way: they are removed by
 * explicit calls, in the reverse order of their making.
 */
#pragma once

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static inline void cleanup_close(int *fd)
{
	int saved = errno;

	if (*fd >= 0)
		close(*fd);
	errno = saved;
}

/* The way out on success: `return cleanup_keep(&fd);` leaves it open. */
static inline int cleanup_keep(int *fd)
{
	int kept = *fd;

	*fd = -1;
	return kept;
}

static inline void cleanup_free(void *pointer)
{
	free(*(void **)pointer);
}

#define CLEANUP_CLOSE __attribute__((cleanup(cleanup_close)))
#define CLEANUP_FREE  __attribute__((cleanup(cleanup_free)))
