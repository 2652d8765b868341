/*
 * All of a text, or an error.
 *
 * write(2) may take less than it was given, and that is no error: errno then
 * has what some call before it left there.
 */
#pragma once

#include <stddef.h>

/* To a file, in as many parts as it takes.  -1 and errno, without a message. */
int whole_write(int fd, const void *data, size_t length);

/*
 * To a file of the kernel, for which one write(2) is one value: a part of it
 * would be another value.  EIO if only a part was taken.
 */
int whole_tell(int fd, const char *value);
