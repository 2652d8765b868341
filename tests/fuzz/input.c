#include "tests/fuzz/input.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "habits/error.h"

static void input_drop_message(const char *message)
{
	(void)message;
}

/* A directory that nobody else sees and that nobody has to remove. */
static int input_directory(void)
{
	char path[] = "/dev/shm/fuzz.XXXXXX";
	int dir = -1;

	if (mkdtemp(path))
		dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		abort();
	return dir;
}

int input_file(const char *name, const uint8_t *data, size_t size)
{
	static int dir = -1, file = -1;

	if (dir < 0) {
		dir = input_directory();
		file = openat(dir, name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
		error_sink = input_drop_message;
	}
	if (pwrite(file, data, size, 0) != (ssize_t)size ||
	    ftruncate(file, (off_t)size) < 0)
		abort();
	return dir;
}
