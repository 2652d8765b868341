/* What write(2) leaves over is written, or said. */
#include "habits/whole.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

int whole_write(int fd, const void *data, size_t length)
{
	const char *from = data;
	ssize_t done;

	while (length > 0) {
		done = write(fd, from, length);
		if (done < 0 && errno == EINTR)
			continue;
		if (done == 0)
			errno = ENOSPC;
		if (done <= 0)
			return -1;
		length -= (size_t)done;
		from += done;
	}
	return 0;
}

int whole_tell(int fd, const char *value)
{
	ssize_t length = (ssize_t)strlen(value), done;

	do
		done = write(fd, value, (size_t)length);
	while (done < 0 && errno == EINTR);
	if (done >= 0 && done < length)
		errno = EIO;
	return done == length ? 0 : -1;
}
