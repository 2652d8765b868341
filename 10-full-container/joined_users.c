/*
 * A helper in somebody else's user namespace, and the map of that namespace.
 *
 *     runtime ---- helper: setns(2) into it, clone3(CLONE_PARENT), ends
 *        \
 *         ------- the container: as if the runtime had made it
 */
#include "10-full-container/joined_users.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "01-uts/cleanup.h"
#include "01-uts/error.h"

#define HELPER_STACK (256 * 1024)

struct joined_users {
	int (*start)(void *);
	void *argument;
	int result;
};

static int joined_users_helper(void *data)
{
	struct joined_users *j = data;

	j->result = j->start(j->argument);
	return 0;
}

/*
 * CLONE_FS is missing on purpose: who shares root and working directory with
 * another process may not enter a user namespace (setns(2), EINVAL).
 */
int joined_users_run(int (*start)(void *), void *argument)
{
	struct joined_users j = { start, argument, -1 };
	char *stack = mmap(NULL, HELPER_STACK, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
	pid_t helper;

	if (stack == MAP_FAILED)
		return error_call(NULL, "get memory for a helper");
	/* It has our memory, so we wait (CLONE_VFORK) and it cannot clash. */
	helper = clone(joined_users_helper, stack + HELPER_STACK,
		       CLONE_VM | CLONE_FILES | CLONE_VFORK | SIGCHLD, &j);
	if (helper < 0)
		error_call(NULL, "start a helper for a user namespace");
	else
		waitpid(helper, NULL, 0);
	munmap(stack, HELPER_STACK);
	return j.result;
}

/*
 * Lines of three numbers: inside, outside, count (user_namespaces(7)).  Empty
 * until somebody writes the map; then it never changes again.
 */
static int joined_users_read_map(struct id_maps *maps, const char *directory,
				 const char *name)
{
	CLEANUP_FREE char *path = NULL;
	struct id_map *map = maps->table;
	FILE *file = NULL;

	if (asprintf(&path, "%s/%s", directory, name) >= 0)
		file = fopen(path, "re");
	if (!file)
		return error_call(NULL, "read the map %s of a user namespace",
				  name);
	while (map < maps->table + USERNS_MAPS_MAX - 1 &&
	       fscanf(file, "%u %u %u", &map->inside, &map->outside,
		      &map->count) == 3)
		map++;
	*map = (struct id_map){ 0 };
	fclose(file);
	if (map > maps->table)
		return 0;
	return error_input("its owner writes /proc/PID/uid_map and gid_map",
			   "the user namespace to join has no map yet (%s)",
			   name);
}

/*
 * Which ids are on the outside depends on who reads (user_namespaces(7)); that
 * is no matter here, since userns_enter() asks for those on the inside.
 */
int joined_users_read(struct userns *userns, const char *directory)
{
	userns->enabled = true;
	if (joined_users_read_map(&userns->uids, directory, "uid_map") < 0)
		return -1;
	return joined_users_read_map(&userns->gids, directory, "gid_map");
}
