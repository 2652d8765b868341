/*
 * Down by a name, up by "..": a list of names for each level says where it
 * goes on.  A directory that is removed meanwhile still has its "..".
 */
#include "05-cgroups/beyond/walk.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/look.h"

#define WALK_TRIES 1000 /* of a millisecond each */

bool cgroup_is_below(const struct dirent *entry)
{
	return entry->d_type == DT_DIR && strcmp(entry->d_name, ".") != 0 &&
	       strcmp(entry->d_name, "..") != 0;
}

struct cgroup_walk cgroup_walk_begin(int dir)
{
	return (struct cgroup_walk){
		.dir = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
	};
}

/* The names of the groups below, each ended by a "/"; NULL with errno. */
static char *walk_list(int dir)
{
	DIR *list;
	int answer = look_list(dir, ".", &list);
	struct dirent *entry;
	char *names = NULL;
	size_t size = 0;
	FILE *text = open_memstream(&names, &size);

	if (!text)
		answer = -1;
	while (answer > 0 && (answer = look_next(list, &entry)) > 0)
		if (cgroup_is_below(entry))
			fprintf(text, "%s/", entry->d_name);
	if (list)
		closedir(list);
	if (!text || fclose(text) != 0 || answer < 0) {
		free(names);
		return NULL;
	}
	return names;
}

/* One level more, of the group that it is at. */
static int walk_enter(struct cgroup_walk *w)
{
	if (w->depth == w->room) {
		size_t room = w->room ? w->room * 2 : 16;
		char **levels = reallocarray(w->levels, room, sizeof(char *));

		if (!levels)
			return -1;
		w->levels = levels;
		w->room = room;
	}
	w->levels[w->depth] = walk_list(w->dir);
	return w->levels[w->depth] ? (int)++w->depth : -1;
}

/* See look.h for the answers. */
static int walk_go(struct cgroup_walk *w, const char *name)
{
	int fd, answer = look_open(w->dir, name,
				   O_RDONLY | O_DIRECTORY | O_NOFOLLOW, &fd);

	if (answer > 0) {
		close(w->dir);
		w->dir = fd;
	}
	return answer;
}

/* Names are taken from the end of a list, so that the rest is one again. */
static char *walk_last(char *names)
{
	size_t length = strlen(names);

	if (length && names[length - 1] == '/')
		names[length - 1] = '\0';
	return strrchr(names, '/') ? strrchr(names, '/') + 1 : names;
}

/* To the next name of this level, which stays.  1: there; 0: none is left. */
static int walk_descend(struct cgroup_walk *w)
{
	char *names = w->levels[w->depth - 1], *name;
	int answer = 0;

	while (answer == 0 && *names) {
		name = walk_last(names);
		answer = walk_go(w, name);
		if (answer == 0)
			*name = '\0';
	}
	return answer;
}

static int walk_ascend(struct cgroup_walk *w)
{
	char *name = walk_last(w->levels[w->depth - 1]);

	if (walk_go(w, "..") <= 0 ||
	    (w->removes &&
	     look_answer(unlinkat(w->dir, name, AT_REMOVEDIR)) < 0))
		return -1;
	*name = '\0';
	return 0;
}

int cgroup_walk_next(struct cgroup_walk *w)
{
	int found;

	if (!w->has_begun) {
		w->has_begun = true;
		return w->dir < 0 ? -1 : 1;
	}
	if (walk_enter(w) < 0)
		return -1;
	while ((found = walk_descend(w)) == 0) {
		free(w->levels[--w->depth]);
		if (w->depth == 0)
			return 0;
		if (walk_ascend(w) < 0)
			return -1;
	}
	return found;
}

void cgroup_walk_end(struct cgroup_walk *w)
{
	int reason = errno;

	while (w->depth > 0)
		free(w->levels[--w->depth]);
	free(w->levels);
	if (w->dir >= 0)
		close(w->dir);
	errno = reason;
}

static int walk_add_one(pid_t pid, pid_t **pids, size_t *count)
{
	pid_t *more = reallocarray(*pids, *count + 1, sizeof(pid_t));

	if (!more)
		return -1;
	*pids = more;
	(*pids)[(*count)++] = pid;
	return 0;
}

/*
 * One group's own, a number in each line.  A 0 is a process that our PID
 * namespace cannot see.  A threaded group (EOPNOTSUPP) has none of its own:
 * they are listed in the domain above it.
 */
static int walk_add(int dir, pid_t **pids, size_t *count)
{
	CLEANUP_CLOSE int fd = -1;
	int answer = look_open(dir, "cgroup.procs", O_RDONLY, &fd);
	char text[4096];
	ssize_t length;
	pid_t pid = 0;

	if (answer <= 0)
		return answer;
	while ((length = read(fd, text, sizeof(text))) > 0)
		for (ssize_t i = 0; i < length; i++) {
			if (isdigit((unsigned char)text[i])) {
				pid = pid * 10 + text[i] - '0';
				continue;
			}
			if (pid > 0 && walk_add_one(pid, pids, count) < 0)
				return -1;
			pid = 0;
		}
	return length < 0 && errno != EOPNOTSUPP ? look_answer(-1) : 0;
}

/* A group that goes away meanwhile had nobody in it. */
int cgroup_walk_processes(int dir, pid_t **pids)
{
	struct cgroup_walk walk = cgroup_walk_begin(dir);
	size_t count = 0;
	int found, answer = 0;

	*pids = NULL;
	while (answer >= 0 && (found = cgroup_walk_next(&walk)) > 0)
		answer = walk_add(walk.dir, pids, &count);
	cgroup_walk_end(&walk);
	return answer < 0 || found < 0 ? -1 : (int)count;
}

/*
 * A program inside may have made groups, too: systemd does.  Those go before
 * the one that they are in.
 */
static int walk_remove_all(int dir, const char *name)
{
	struct cgroup_walk walk;
	int fd, answer;

	if (unlinkat(dir, name, AT_REMOVEDIR) == 0)
		return 0;
	if (errno != EBUSY)
		return -1;
	answer = look_open(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, &fd);
	if (answer <= 0)
		return answer;
	walk = (struct cgroup_walk){ .dir = fd, .removes = true };
	while ((answer = cgroup_walk_next(&walk)) > 0)
		continue;
	cgroup_walk_end(&walk);
	return answer < 0 ? -1 : unlinkat(dir, name, AT_REMOVEDIR);
}

/*
 * v2 has said that the group is empty.  v1 says nothing, and there the last
 * process can be a moment late in leaving: so try for a while.
 */
int cgroup_walk_remove(int dir, const char *name)
{
	for (int i = 0; i < WALK_TRIES; i++) {
		if (walk_remove_all(dir, name) == 0 || errno == ENOENT)
			return 0;
		if (errno != EBUSY)
			return -1;
		poll(NULL, 0, 1);
	}
	return -1;
}
