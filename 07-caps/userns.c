#include "07-caps/userns.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/capability.h>
#include <unistd.h>

#include "01-uts/cleanup.h"
#include "01-uts/error.h"
#include "07-caps/caps.h"

/*
 * Root's default range.  Nobody hands it out: subordinate ids of users end
 * at 600100000 and systemd-nspawn's at 1879048191.
 */
#define RANGE_START 2000000000U
#define RANGE_COUNT 65536U

static const struct hint map_hints[] = {
	{ EPERM, "without CAP_SETUID and CAP_SETGID only one line is possible: "
		 "your own id, with a count of 1" },
	{ EINVAL, "an id outside is not mapped here (see /proc/self/uid_map), "
		  "or the lines overlap" },
	{ 0, NULL },
};

/* A setting of the system that stops user namespaces. */
static const struct {
	const char *path;
	char value;
	bool for_root; /* root is stopped as well */
	const char *what, *hint;
} obstacles[] = {
	{ "/proc/sys/user/max_user_namespaces", '0', true,
	  "this system allows no user namespaces",
	  "sudo sysctl user.max_user_namespaces=10000" },
	{ "/proc/sys/kernel/unprivileged_userns_clone", '0', false,
	  "this system allows user namespaces only to root",
	  "sudo sysctl kernel.unprivileged_userns_clone=1, or run as root" },
	{ "/proc/sys/kernel/apparmor_restrict_unprivileged_userns", '1', false,
	  "AppArmor leaves a user namespace of an ordinary user without "
	  "capabilities",
	  "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0, or run "
	  "as root" },
};

/* Read the start of a small file; an absent one is empty. */
static void userns_read(const char *path, char *text, size_t size)
{
	CLEANUP_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? 0 : read(fd, text, size - 1);

	text[length > 0 ? length : 0] = '\0';
}

static bool userns_can(cap_value_t capability)
{
	cap_t own = cap_get_proc();
	cap_flag_value_t set = CAP_CLEAR;

	if (own)
		cap_get_flag(own, capability, CAP_EFFECTIVE, &set);
	cap_free(own);
	return set == CAP_SET;
}

static int userns_check_system(void)
{
	size_t count = sizeof(obstacles) / sizeof(obstacles[0]);
	char text[64];

	for (size_t i = 0; i < count; i++) {
		userns_read(obstacles[i].path, text, sizeof(text));
		if (text[0] != obstacles[i].value || text[1] != '\n')
			continue;
		if (!obstacles[i].for_root && userns_can(CAP_SYS_ADMIN))
			continue;
		return error_input(obstacles[i].hint, "%s (%s is %c)",
				   obstacles[i].what, obstacles[i].path,
				   obstacles[i].value);
	}
	return 0;
}

/* Are root's default ids ours to give?  In a container they may not be. */
static bool userns_range_exists(const char *path)
{
	unsigned int inside, outside, count;
	FILE *file = fopen(path, "re");
	bool found = false;

	while (file && !found &&
	       fscanf(file, "%u %u %u", &inside, &outside, &count) == 3)
		found = inside <= RANGE_START &&
			count >= RANGE_START - inside + RANGE_COUNT;
	if (file)
		fclose(file);
	return found;
}

int userns_plan(struct userns *userns, uid_t uid, gid_t gid)
{
	struct id_map range = { 0, RANGE_START, RANGE_COUNT };
	bool wide = userns_can(CAP_SETUID) && userns_can(CAP_SETGID) &&
		    userns_range_exists("/proc/self/uid_map") &&
		    userns_range_exists("/proc/self/gid_map");
	struct id_map own_uid = { uid, geteuid(), 1 };
	struct id_map own_gid = { gid, getegid(), 1 };

	if (!userns->enabled && !userns_can(CAP_SYS_ADMIN))
		return error_input("run as root (sudo), or with --userns",
				   "new namespaces need CAP_SYS_ADMIN");
	if (!userns->enabled)
		return 0;
	if (userns_check_system() < 0)
		return -1;
	if (userns->uids.table[0].count > 0 && userns->gids.table[0].count == 0)
		userns->gids = userns->uids;
	if (userns->uids.table[0].count == 0)
		userns->uids.table[0] = wide ? range : own_uid;
	if (userns->gids.table[0].count == 0)
		userns->gids.table[0] = wide ? range : own_gid;
	return 0;
}

/* The kernel takes the text in one write(2), and only once. */
static int userns_write(pid_t pid, const char *name, const char *text)
{
	CLEANUP_CLOSE int fd = -1;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		return error_call(map_hints, "write \"%s\" to %s", text, path);
	return 0;
}

static int userns_write_maps(pid_t pid, const char *name,
			     const struct id_maps *maps)
{
	char text[40 * USERNS_MAPS_MAX] = "";
	size_t used = 0;

	for (const struct id_map *map = maps->table; map->count; map++)
		used += (size_t)snprintf(text + used, sizeof(text) - used,
					 "%s%u %u %u", used ? "\n" : "",
					 map->inside, map->outside, map->count);
	return userns_write(pid, name, text);
}

/*
 * Without CAP_SETGID the kernel wants "deny" first: whoever could drop a
 * group in the new namespace could open a file that is closed to that group.
 */
int userns_map(const struct userns *userns, pid_t pid)
{
	if (!userns->enabled)
		return 0;
	if (userns_write_maps(pid, "uid_map", &userns->uids) < 0)
		return -1;
	if (!userns_can(CAP_SETGID) &&
	    userns_write(pid, "setgroups", "deny") < 0)
		return -1;
	return userns_write_maps(pid, "gid_map", &userns->gids);
}

/* 0, or the first id of the first line when 0 is not mapped. */
static uint32_t userns_first_id(const struct id_maps *maps)
{
	for (const struct id_map *map = maps->table; map->count; map++)
		if (map->inside == 0)
			return 0;
	return maps->table[0].inside;
}

int userns_enter(const struct userns *userns)
{
	struct caps_user user = {
		.uid = userns_first_id(&userns->uids),
		.gid = userns_first_id(&userns->gids),
	};

	return userns->enabled ? caps_change_user(&user) : 0;
}
