/*
 * Reading and writing the files of a group.
 *
 * They look like files and are conversations with the kernel: a read(2) makes
 * the text at that moment, a write(2) is a command that can fail.
 */
#include "05-cgroups/files.h"

#include <fcntl.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/whole.h"

/*
 * The kernel takes one write(2) as one value: it must not come in parts, as
 * stdio might send it.  Without O_CREAT a name that the kernel does not know
 * is ENOENT; with it, EACCES or EPERM.
 */
int cgroup_write(int dir, const char *file, const char *value)
{
	CLEANUP_CLOSE int fd = openat(dir, file, O_WRONLY | O_CLOEXEC);

	return fd < 0 ? -1 : whole_tell(fd, value);
}

/*
 * One read(2) is enough: the kernel gives up to a page at once, and a longer
 * text (many processes) is cut.  Who needs all of it reads again.
 */
int cgroup_read_in(int fd, char text[CGROUP_TEXT])
{
	ssize_t length = fd < 0 ? -1 : pread(fd, text, CGROUP_TEXT - 1, 0);

	text[length < 0 ? 0 : length] = '\0';
	return length < 0 ? -1 : 0;
}

int cgroup_read_text(int dir, const char *file, char text[CGROUP_TEXT])
{
	CLEANUP_CLOSE int fd = openat(dir, file, O_RDONLY | O_CLOEXEC);

	return cgroup_read_in(fd, text);
}
