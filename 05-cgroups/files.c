/*
 * Reading and writing the files of a group.
 *
 * They look like files and are conversations with the kernel: a read(2) makes
 * the text at that moment, a write(2) is a command that can fail.  All paths
 * are relative to the descriptor of a group's directory, so that a group that
 * is removed and made anew meanwhile is not taken for the old one.
 */
#include "05-cgroups/files.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/look.h"
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
int cgroup_read_text(int dir, const char *file, char text[CGROUP_TEXT])
{
	CLEANUP_CLOSE int fd = openat(dir, file, O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? -1 : read(fd, text, CGROUP_TEXT - 1);

	text[length < 0 ? 0 : length] = '\0';
	return length < 0 ? -1 : 0;
}

/* EOPNOTSUPP: this kernel has the file, and does not count what it is for. */
int cgroup_look_text(int dir, const char *file, char text[CGROUP_TEXT])
{
	int result = cgroup_read_text(dir, file, text);

	return result < 0 && errno == EOPNOTSUPP ? 0 : look_answer(result);
}

/*
 * A file has one number, as in memory.max, or lines of a word and a number
 * each, as in cpu.stat: cgroups v2 calls that "flat keyed".
 */
long long cgroup_find_number(const char *text, const char *key)
{
	size_t length = key ? strlen(key) : 0;

	for (; *text; text += strcspn(text, "\n"), text += strspn(text, "\n")) {
		const char *number = text + length + (key != NULL);

		if (key &&
		    (strncmp(text, key, length) != 0 || text[length] != ' '))
			continue;
		if (isdigit((unsigned char)*number))
			return strtoll(number, NULL, 10);
	}
	return -1;
}

int cgroup_number(int dir, const char *file, const char *key, long long *number)
{
	char text[CGROUP_TEXT];
	int answer = cgroup_look_text(dir, file, text);

	*number = answer > 0 ? cgroup_find_number(text, key) : -1;
	if (answer < 0 || *number >= 0)
		return answer;
	errno = ENOENT;
	return 0;
}
