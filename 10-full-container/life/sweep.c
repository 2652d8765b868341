/*
 * The next `run` does it.  The same idea as in 05-cgroups/beyond/own.c: the owner
 * holds a lock, which the kernel drops at its death.  A container that `create`
 * made has no owner on purpose.
 */
#include "10-full-container/life/delete.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "habits/look.h"
#include "05-cgroups/beyond/owner.h"
#include "10-full-container/talk/state_files.h"

/* Does a `run` that waits for this container live?  1, 0, or -1. */
static int sweep_has_owner(const struct state *state)
{
	CLEANUP_CLOSE int fd = -1;
	int answer = look_open(state->dir, STATE_MARK, O_RDONLY, &fd);

	if (answer > 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
		return 0;
	if (answer > 0)
		answer = errno == EWOULDBLOCK ? 1 : -1;
	if (answer < 0)
		return error_call(NULL, "look for the owner of container %s",
				  state->id);
	return answer;
}

/* With the container's lock: has it been left alone?  1, 0, or -1. */
static int sweep_is_left(const struct state *state)
{
	enum status status;
	int has_owner;

	if (status_of(state, &status) < 0)
		return -1;
	if (status == STATUS_CREATING)
		return 1;
	if (!state_is(state, "attached"))
		return 0;
	has_owner = sweep_has_owner(state);
	return has_owner < 0 ? -1 : !has_owner;
}

/* Returns 1 if the container was deleted. */
static int sweep_one(const char *root, const char *id)
{
	struct container c = container_none(NULL);
	int answer = state_take(&c.state, root, id);

	if (answer <= 0)
		return answer;
	answer = sweep_is_left(&c.state);
	if (answer > 0 && delete_all(&c) < 0)
		answer = -1;
	if (answer > 0)
		error_note("removed what a killed runtime left: container %s",
			   id);
	container_close(&c);
	return answer;
}

/*
 * Only so many of them, if `most` is not 0: who starts a container should not
 * wait for a thousand others to be looked at.  One that cannot be deleted does
 * not keep the others.
 */
static int sweep_all(DIR *directory, const char *root, int most)
{
	int seen = 0, count = 0, answer, each;
	bool has_failed = false;
	const char *id;

	while ((answer = state_next(directory, &id)) > 0) {
		if (most && seen++ == most)
			break;
		each = sweep_one(root, id);
		has_failed |= each < 0;
		count += each > 0;
	}
	return answer < 0 || has_failed ? -1 : count;
}

static int sweep_nameless(DIR *directory)
{
	struct dirent *entry;
	int answer;

	while ((answer = look_next(directory, &entry)) > 0)
		state_remove_nameless(dirfd(directory), entry->d_name);
	rewinddir(directory);
	return answer;
}

int sweep_states(const char *root, int most)
{
	CLEANUP_CLOSE int parent = -1;
	int answer, count;
	DIR *directory;

	/* What is wrong with it `run` will say when it makes its own. */
	if (most)
		answer = look_open(AT_FDCWD, root, O_RDONLY | O_DIRECTORY,
				   &parent);
	else
		answer = state_open_root(root, &parent);
	if (most && (answer < 0 || (answer > 0 && !owner_is_us(parent))))
		return 0;
	if (answer <= 0)
		return answer;
	directory = fdopendir(parent);
	if (!directory)
		return error_call(NULL, "read the directory of states %s",
				  root);
	parent = -1; /* closedir(3) closes it */
	count = sweep_nameless(directory) < 0
			? -1
			: sweep_all(directory, root, most);
	closedir(directory);
	return count;
}
