/*
 * The further groups of a process, which setgroups(2) changes.
 *
 * In a user namespace that an ordinary user made, groups can only be kept
 * (user_namespaces(7)): giving one up could open a file that excludes it.
 */
#include "07-caps/beyond/groups.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"

static const struct hint groups_hints[] = {
	{ EINVAL, "this id is not mapped in the user namespace: choose another "
		  "--user, or see --uid-map" },
	{ EPERM, "another user or group takes CAP_SETUID and CAP_SETGID" },
	{ 0, NULL },
};

static bool groups_are_fixed(void)
{
	CLEANUP_CLOSE int fd =
		open("/proc/self/setgroups", O_RDONLY | O_CLOEXEC);
	char text[5] = "";

	return fd >= 0 && read(fd, text, sizeof(text) - 1) > 0 &&
	       strcmp(text, "deny") == 0;
}

int groups_set(size_t count, const gid_t *groups)
{
	bool denied = setgroups(count, groups) < 0;
	int error = errno;

	if (!denied || (count == 0 && groups_are_fixed()))
		return 0;
	errno = error;
	return error_call(groups_hints, "set %zu further groups", count);
}
