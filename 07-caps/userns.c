/*
 * The maps of a user namespace are written from outside, each just once.
 *
 * Until then everybody in it is user 65534, the overflow id, whom no file lets
 * do anything; so the child waits at the gate.  See user_namespaces(7).
 */
#include "07-caps/userns.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/capability.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "habits/whole.h"
#include "07-caps/beyond/groups.h"
#include "07-caps/beyond/newuidmap.h"
#include "07-caps/beyond/userns_checks.h"
#include "07-caps/caps_sets.h"

#define LINE_LENGTH 36 /* three numbers of ten digits at most */

/*
 * Root's default range.  Nobody hands it out: subordinate ids of users end
 * at 600100000 and systemd-nspawn's at 1879048191.
 */
#define RANGE_START 2000000000U
#define RANGE_COUNT 65536U

static const struct hint map_hints[] = {
	{ EPERM, "the ids outside must be your own or, with CAP_SETUID and "
		 "CAP_SETGID, any of /proc/self/uid_map" },
	{ EINVAL, "the ids outside must be among those of /proc/self/uid_map, "
		  "and the text shorter than a page" },
	{ 0, NULL },
};

/* Who may not map groups can map just one, whatever he wants for users. */
static int userns_choose_maps(struct userns *userns, uid_t uid, gid_t gid)
{
	struct id_map range = { 0, RANGE_START, RANGE_COUNT };
	struct id_map own_uid = { uid, geteuid(), 1 };
	struct id_map own_gid = { gid, getegid(), 1 };
	struct id_map *uids = userns->uids.table, *gids = userns->gids.table;
	bool privileged = caps_has(CAP_SETUID) && caps_has(CAP_SETGID);
	int wide;

	/* --uid-map alone: groups like users. */
	if (gids[0].count == 0 && uids[0].count > 0 && privileged)
		userns->gids = userns->uids;
	if (uids[0].count > 0 && gids[0].count > 0)
		return 0;
	wide = privileged ? userns_has_range(RANGE_START, RANGE_COUNT) : 0;
	if (wide < 0)
		return -1;
	if (uids[0].count == 0)
		uids[0] = wide ? range : own_uid;
	if (gids[0].count == 0)
		gids[0] = wide ? range : own_gid;
	return 0;
}

/*
 * First of all: nothing has been made that would have to be removed when the
 * answer is no.
 */
int userns_plan(struct userns *userns, uid_t uid, gid_t gid)
{
	if (userns_check(userns->enabled) < 0)
		return -1;
	return userns->enabled ? userns_choose_maps(userns, uid, gid) : 0;
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
 * Who may: the kernel wants CAP_SETUID in the *parent* namespace, or a single
 * line with one's own id.  All else is newuidmap's business, which has the
 * privilege.
 */
static int userns_map_users(const struct id_maps *uids, pid_t pid)
{
	char text[LINE_LENGTH * USERNS_MAPS_MAX] = "";

	userns_format(uids, text, sizeof(text));
	if (newuidmap_is_needed(uids, geteuid(), caps_has(CAP_SETUID)))
		return newuidmap_run("newuidmap", pid, text);
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
	if (newuidmap_is_needed(gids, getegid(), privileged))
		return newuidmap_run("newgidmap", pid, text);
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

/* 0, or the first id of the first line when 0 is not mapped. */
static uint32_t userns_first_id(const struct id_maps *maps)
{
	for (const struct id_map *map = maps->table; map->count; map++)
		if (map->inside == 0)
			return 0;
	return maps->table[0].inside;
}

/*
 * Become root, or whoever has the lowest id inside.  A change of user between
 * two ids outside.
 */
int userns_enter(const struct userns *userns)
{
	if (!userns->enabled)
		return 0;
	if (groups_set(0, NULL) < 0)
		return -1;
	return caps_change_user(userns_first_id(&userns->uids),
				userns_first_id(&userns->gids));
}
