/*
 * The maps of a user namespace are written from outside, each just once.
 *
 * Until then everybody in it is user 65534, the overflow id, whom no file lets
 * do anything; so the child waits at the gate.  See user_namespaces(7).
 */
#include "07-caps/userns.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/wait.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "habits/whole.h"
#include "07-caps/caps_sets.h"

#define LINE_LENGTH 36 /* three numbers of ten digits at most */

static const struct hint map_hints[] = {
	{ EPERM, "the ids outside must be your own or, with CAP_SETUID and "
		 "CAP_SETGID, any of /proc/self/uid_map" },
	{ EINVAL, "the ids outside must be among those of /proc/self/uid_map, "
		  "and the text shorter than a page" },
	{ 0, NULL },
};

/* The lines of the file, in one write(2): the kernel takes no second one. */
static int userns_write(pid_t pid, const char *name, const char *text)
{
	CLEANUP_CLOSE int fd = -1;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || whole_tell(fd, text) < 0)
		return error_call(map_hints, "write \"%s\" to %s", text, path);
	return 0;
}

/*
 * newuidmap(1) and newgidmap(1) are installed with the privilege that an
 * ordinary user lacks, and map what /etc/subuid and /etc/subgid grant him.
 */
static int userns_run_helper(const char *helper, pid_t pid, char *text)
{
	char *arguments[2 + 3 * USERNS_MAPS_MAX + 1] = { NULL }, number[16];
	int count = 2, status = 0;
	pid_t process;

	snprintf(number, sizeof(number), "%d", pid);
	arguments[0] = (char *)helper;
	arguments[1] = number;
	for (char *word = strtok(text, " \n"); word; word = strtok(NULL, " \n"))
		arguments[count++] = word;
	process = fork();
	if (process == 0) {
		execvp(helper, arguments);
		_exit(127);
	}
	if (process < 0 || waitpid(process, &status, 0) != process)
		return error_call(NULL, "run %s", helper);
	if (status == 127 << 8)
		return error_input("install it (package uidmap), or leave out "
				   "--uid-map to map just your own id",
				   "an ordinary user needs %s for this map",
				   helper);
	if (status)
		return error_input("/etc/subuid and /etc/subgid say which ids "
				   "are yours",
				   "%s refused the map", helper);
	return 0;
}

/* May the kernel be asked directly?  `own` is the caller's own id. */
static bool userns_is_permitted(const struct id_maps *maps, uint32_t own,
				bool privileged)
{
	const struct id_map *map = maps->table;

	return privileged || (map[0].outside == own && map[0].count == 1 &&
			      map[1].count == 0);
}

/* A line is "INSIDE OUTSIDE COUNT". */
static void userns_format(const struct id_maps *maps, char *text, size_t size)
{
	size_t used = 0;

	for (const struct id_map *map = maps->table; map->count; map++)
		used += (size_t)snprintf(text + used, size - used, "%s%u %u %u",
					 used ? "\n" : "", map->inside,
					 map->outside, map->count);
}

/*
 * Who may: the kernel wants CAP_SETUID in the *parent* namespace, or a single
 * line with one's own id.  All else is newuidmap's business, which has the
 * privilege.
 */
static int userns_map_users(const struct id_maps *uids, pid_t pid)
{
	char text[LINE_LENGTH * USERNS_MAPS_MAX] = "";

	userns_format(uids, text, sizeof(text));
	if (!userns_is_permitted(uids, geteuid(), caps_has(CAP_SETUID)))
		return userns_run_helper("newuidmap", pid, text);
	return userns_write(pid, "uid_map", text);
}

/*
 * Without CAP_SETGID the kernel wants "deny" first: whoever could leave a
 * group in the new namespace could open a file that is closed to that group.
 */
static int userns_map_groups(const struct id_maps *gids, pid_t pid)
{
	char text[LINE_LENGTH * USERNS_MAPS_MAX] = "";
	bool privileged = caps_has(CAP_SETGID);

	userns_format(gids, text, sizeof(text));
	if (!userns_is_permitted(gids, getegid(), privileged))
		return userns_run_helper("newgidmap", pid, text);
	if (!privileged && userns_write(pid, "setgroups", "deny") < 0)
		return -1;
	return userns_write(pid, "gid_map", text);
}

/*
 * The kernel does not mind which comes first, as long as "setgroups" is written
 * before gid_map.
 */
int userns_map(const struct userns *userns, pid_t pid)
{
	if (!userns->enabled)
		return 0;
	if (userns_map_users(&userns->uids, pid) < 0)
		return -1;
	return userns_map_groups(&userns->gids, pid);
}
