/*
 * A `run` that was killed cannot delete its container: the next one does.
 *
 * The same idea as in 05-cgroups/own.c: the owner holds a lock, which the
 * kernel drops at its death.  A container that `create` made has no owner on
 * purpose.
 */
#include "10-full-container/sweep.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#include "01-uts/cleanup.h"
#include "01-uts/error.h"
#include "10-full-container/delete.h"

/* Does a `run` that waits for this container live? */
static bool sweep_has_owner(const struct state *state)
{
	CLEANUP_CLOSE int fd =
		openat(state->dir, "owner", O_RDONLY | O_CLOEXEC);

	return fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) < 0;
}

/* With the container's lock: has it been left alone? */
static bool sweep_is_left(const struct state *state)
{
	if (state_status(state) == STATUS_CREATING)
		return true;
	return json_is_true(json_object_get(state->json, "attached")) &&
	       !sweep_has_owner(state);
}

/* Returns 1 if the container was deleted. */
static int sweep_one(const char *root, const char *id)
{
	struct container c = container_none(NULL);
	int count = 0;

	if (state_take(&c.state, root, id) < 0)
		return 0;
	if (sweep_is_left(&c.state) && container_delete(&c) == 0) {
		error_note("removed what a killed runtime left: container %s",
			   id);
		count = 1;
	}
	container_close(&c);
	return count;
}

/*
 * Only so many of them, if `most` is not 0: who starts a container should not
 * wait for a thousand others to be looked at.
 */
int sweep_states(const char *root, int most)
{
	DIR *directory = opendir(root);
	struct dirent *entry;
	int seen = 0, count = 0;

	while (directory && (entry = readdir(directory)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		if (most && seen++ == most)
			break;
		count += sweep_one(root, entry->d_name);
	}
	if (directory)
		closedir(directory);
	return count;
}
