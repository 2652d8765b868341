/*
 * clean: remove what killed programs of this kit left on the machine.
 *
 * A program that is killed cannot tidy up, and some things the kernel does
 * not tidy up for it.  Each module knows its own kind.  Whether an owner
 * still lives is asked of its lock, which the kernel drops at its death; a
 * thing that is still locked is in use, and is left alone.
 *
 *     sudo ./kit clean
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "habits/look.h"
#include "05-cgroups/beyond/own.h"
#include "08-netns/beyond/lease.h"

/* Stage 10's: NULL where it could not be built, for want of its libraries. */
__attribute__((weak)) char *state_default_root(void);
__attribute__((weak)) int sweep_states(const char *root, int most);

/* The containers whose `run` was killed, and those half created. */
static int clean_containers(void)
{
	CLEANUP_FREE char *root = NULL;

	if (!sweep_states)
		return 0;
	root = state_default_root();
	return root ? sweep_states(root, 0) : -1;
}

static int remove_group(const char *path, const struct stat *status, int type,
			struct FTW *place)
{
	(void)status;
	(void)place;
	if (type == FTW_DP && rmdir(path) < 0 && errno != ENOENT)
		error_call(NULL, "remove the group %s", path);
	return 0;
}

/* Returns 1 if nobody owned the group, and it is gone; -1 with errno. */
static int clean_test_group(const char *path)
{
	CLEANUP_CLOSE int fd = -1;
	int answer = look_open(AT_FDCWD, path, O_RDONLY | O_DIRECTORY, &fd);

	if (answer <= 0)
		return answer;
	if (flock(fd, LOCK_EX | LOCK_NB) < 0)
		return errno == EWOULDBLOCK ? 0 : -1;
	nftw(path, remove_group, 16, FTW_PHYS | FTW_MOUNT | FTW_DEPTH);
	if (look_for(AT_FDCWD, path) != 0)
		return 0; /* that has been said */
	error_note("removed what killed tests left: group %s", path);
	return 1;
}

/* What tests and attacks make stands beside the containers' groups. */
static int clean_test_groups_of(const char *point)
{
	DIR *list;
	char path[PATH_MAX + NAME_MAX + 2];
	int more = look_list(AT_FDCWD, point, &list), each, count = 0;
	struct dirent *entry;

	while (more > 0 && (more = look_next(list, &entry)) > 0) {
		if (strncmp(entry->d_name, "ten-steps-tests.", 16) != 0 &&
		    strncmp(entry->d_name, "ten-steps-attacks.", 18) != 0)
			continue;
		snprintf(path, sizeof(path), "%s/%s", point, entry->d_name);
		each = clean_test_group(path);
		if (each < 0)
			more = -1;
		else
			count += each;
	}
	if (more < 0)
		count = error_call(NULL, "look for groups in %s", point);
	if (list)
		closedir(list);
	return count;
}

static int clean_test_groups(void)
{
	FILE *file = fopen("/proc/self/mountinfo", "re");
	CLEANUP_FREE char *line = NULL;
	char point[PATH_MAX];
	size_t size = 0;
	int each, count = 0;

	if (!file)
		return error_call(NULL, "read /proc/self/mountinfo");
	while (getline(&line, &size, file) > 0) {
		if (!strstr(line, " - cgroup") ||
		    sscanf(line, "%*s %*s %*s %*s %4095s", point) != 1)
			continue;
		each = clean_test_groups_of(point);
		count = each < 0 || count < 0 ? -1 : count + each;
	}
	fclose(file);
	return count;
}

int main(void)
{
	int containers = clean_containers(); /* each says what it removed */
	int groups = own_sweep();
	int tests = clean_test_groups();
	int networks = lease_sweep();

	if (containers < 0 || groups < 0 || networks < 0 || tests < 0)
		return 1;
	if (containers == 0 && groups == 0 && networks == 0 && tests == 0)
		puts("nothing found: no killed container left anything here");
	if (fflush(stdout) == 0)
		return 0;
	error_call(NULL, "print the result");
	return 1;
}
