/* The files of a group: words, numbers, and one that can be waited for. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "01-uts/cleanup.h"
#include "01-uts/error.h"
#include "05-cgroups/internal.h"

bool cgroup_has(const char *list, const char *name)
{
	size_t length = strlen(name);

	while (list && *list) {
		size_t word = strcspn(list, ", \n");

		if (word == length && strncmp(list, name, length) == 0)
			return true;
		list += word + strspn(list + word, ", \n");
	}
	return false;
}

char *cgroup_next_word(char **list, const char *separators)
{
	char *word;

	while ((word = strsep(list, separators)))
		if (*word)
			return word;
	return NULL;
}

int cgroup_write(int dir, const char *file, const char *value)
{
	CLEANUP_CLOSE int fd = openat(dir, file, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, value, strlen(value)) < 0)
		return -1;
	return 0;
}

int cgroup_read_text(int dir, const char *file, char text[CGROUP_TEXT])
{
	CLEANUP_CLOSE int fd = openat(dir, file, O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? -1 : read(fd, text, CGROUP_TEXT - 1);

	text[length < 0 ? 0 : length] = '\0';
	return length < 0 ? -1 : 0;
}

/* A file has one number, or lines of a word and a number each. */
static long long cgroup_find_number(char *text, const char *key)
{
	char *line;

	while ((line = cgroup_next_word(&text, "\n"))) {
		const char *word = key ? strsep(&line, " ") : NULL;

		if (line && isdigit(line[0]) && (!key || !strcmp(word, key)))
			return strtoll(line, NULL, 10);
	}
	return -1;
}

long long cgroup_number(int dir, const char *file, const char *key)
{
	char text[CGROUP_TEXT];

	if (cgroup_read_text(dir, file, text) < 0)
		return -1;
	return cgroup_find_number(text, key);
}

/*
 * BFQ, a disk scheduler, has weights of its own, from 1 to 1000, where
 * io.weight goes to 10000; 100 is the default of both.
 */
int cgroup_write_bfq(int dir, const char *file, const char *value)
{
	const char *space = strrchr(value, ' ');
	const char *number = space ? space + 1 : value;
	long weight = strtol(number, NULL, 10);
	char text[128];

	if (weight > 100)
		weight = 100 + (weight - 100) * 900 / 9900;
	snprintf(text, sizeof(text), "%.*s%ld", (int)(number - value), value,
		 weight);
	return cgroup_write(dir, file, text);
}

/*
 * cgroup.events has one word per line: "populated 1", "frozen 0".  A change
 * wakes poll(2), provided that the same descriptor has read the old state.
 */
int cgroup_wait_event(const struct cgroup_tree *tree, const char *key,
		      long long value)
{
	CLEANUP_CLOSE int fd =
		openat(tree->fd, "cgroup.events", O_RDONLY | O_CLOEXEC);
	struct pollfd events = { .fd = fd, .events = POLLPRI };
	char text[CGROUP_TEXT];
	ssize_t length;

	do {
		length = pread(fd, text, sizeof(text) - 1, 0);
		if (length < 0 && (errno == ENODEV || errno == EBADF))
			return 0; /* the group is gone, and all in it */
		if (length < 0)
			return error_call(NULL, "read the events of %s",
					  tree->group);
		text[length] = '\0';
		if (cgroup_find_number(text, key) == value)
			return 0;
	} while (poll(&events, 1, CGROUP_WAIT_MS) > 0 || errno == EINTR);
	return error_input("a process in it may hang in the kernel: see state "
			   "D in ps",
			   "wait for \"%s %lld\" in %s: nothing in %d seconds",
			   key, value, tree->group, CGROUP_WAIT_MS / 1000);
}
