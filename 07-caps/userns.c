/*
 * Whether there can be a user namespace, and who is who in it.
 *
 * clone3(2) says no more than EPERM or ENOSPC, and some systems let it
 * succeed and forbid what comes after.  Their switches are files in /proc, so
 * they are read first and named.
 */
#include "07-caps/userns.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/wait.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "habits/surroundings.h"
#include "07-caps/caps_sets.h"

/*
 * Root's default range.  Nobody hands it out: subordinate ids of users end
 * at 600100000 and systemd-nspawn's at 1879048191.
 */
#define RANGE_START 2000000000U
#define RANGE_COUNT 65536U

/* A setting of the system that stops user namespaces. */
static const struct {
	const char *path, *value;
	bool for_root;     /* root is stopped as well */
	const char *label; /* only a program that AppArmor calls this */
	const char *what, *hint;
} obstacles[] = {
	{ "/proc/sys/user/max_user_namespaces", "0\n", true, NULL,
	  "this system allows no user namespaces",
	  "sudo sysctl user.max_user_namespaces=10000" },
	{ "/proc/sys/kernel/unprivileged_userns_clone", "0\n", false, NULL,
	  "this system allows user namespaces only to root",
	  "sudo sysctl kernel.unprivileged_userns_clone=1, or run as root" },
	{ "/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1\n",
	  false, "unconfined\n",
	  "AppArmor leaves an ordinary user's namespace without capabilities",
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

/* Does the file say exactly this? */
static bool userns_says(const char *path, const char *expected)
{
	char text[64];

	userns_read(path, text, sizeof(text));
	return strcmp(text, expected) == 0;
}

/*
 * Try it in a process of its own.  A security module may let us make a user
 * namespace and then deny every capability, of which capget(2) knows nothing.
 * To change to the root directory we have is privileged and changes nothing.
 */
static bool userns_has_power(void)
{
	pid_t pid = fork();
	int status = 0;

	if (pid == 0)
		_exit(unshare(CLONE_NEWUSER) < 0 || chroot("/") < 0);
	return pid < 0 || waitpid(pid, &status, 0) < 0 || status == 0;
}

/* Whoever is under no profile needs no try. */
static int userns_check_profile(void)
{
	char label[128];

	userns_read("/proc/self/attr/current", label, sizeof(label));
	label[strcspn(label, "\n")] = '\0';
	if (!label[0] || strcmp(label, "unconfined") == 0 || userns_has_power())
		return 0;
	return error_input("run as root (sudo), or as a program without such a "
			   "profile; dmesg says what was denied",
			   "a security module leaves an ordinary user's "
			   "namespace without capabilities (our profile of "
			   "AppArmor or label of SELinux is %s)",
			   label);
}

/*
 * Where AppArmor restricts them, making a user namespace succeeds and then
 * every mount in it fails; so ask before.
 */
static int userns_check_system(void)
{
	size_t count = sizeof(obstacles) / sizeof(obstacles[0]);
	bool is_root = caps_has(CAP_SYS_ADMIN);

	for (size_t i = 0; i < count; i++) {
		if ((is_root && !obstacles[i].for_root) ||
		    !userns_says(obstacles[i].path, obstacles[i].value))
			continue;
		if (obstacles[i].label &&
		    !userns_says("/proc/self/attr/current", obstacles[i].label))
			continue;
		return error_input(obstacles[i].hint, "%s (%s is %.1s)",
				   obstacles[i].what, obstacles[i].path,
				   obstacles[i].value);
	}
	return is_root ? 0 : userns_check_profile();
}

/*
 * Are root's default ids ours to give?  In a container they may not be.  A
 * line of the file is: inside, outside, count.  1, 0, or -1: who could not
 * look must not go on, or root inside would be the root that we are.
 */
static int userns_range_exists(const char *path)
{
	FILE *file = fopen(path, "re");
	unsigned long inside, count;
	int answer = 0;

	if (!file)
		return error_call(NULL, "read %s", path);
	while (!answer && fscanf(file, "%lu %*u %lu", &inside, &count) == 2)
		answer = inside <= RANGE_START &&
			 count >= RANGE_START - inside + RANGE_COUNT;
	if (ferror(file))
		answer = error_call(NULL, "read %s", path);
	fclose(file);
	return answer;
}

/* Both kinds of ids, for who may map any: 1, 0, or -1. */
static int userns_has_range(void)
{
	int users, groups;

	if (!caps_has(CAP_SETUID) || !caps_has(CAP_SETGID))
		return 0;
	users = userns_range_exists("/proc/self/uid_map");
	groups = users < 0 ? -1 : userns_range_exists("/proc/self/gid_map");
	return users < 0 || groups < 0 ? -1 : users && groups;
}

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
	wide = userns_has_range();
	if (wide < 0)
		return -1;
	if (uids[0].count == 0)
		uids[0] = wide ? range : own_uid;
	if (gids[0].count == 0)
		gids[0] = wide ? range : own_gid;
	return 0;
}

/*
 * In the parent, first of all: nothing has been made that would have to be
 * removed when the answer is no.
 */
int userns_plan(struct userns *userns, uid_t uid, gid_t gid)
{
	if (caps_check() < 0)
		return -1;
	if (!userns->enabled && caps_has(CAP_SYS_ADMIN))
		return 0;
	if (!userns->enabled)
		return error_input(surroundings_lack_admin()
					   ? SURROUNDINGS_NO_ADMIN
					   "; or try --userns"
					   : "run as root (sudo), or with "
					     "--userns",
				   "new namespaces need CAP_SYS_ADMIN");
	/* The maps are written by the child's number in it. */
	if (surroundings_check_proc() < 0 || userns_check_system() < 0)
		return -1;
	return userns_choose_maps(userns, uid, gid);
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
 * In the child: become root, or whoever has the lowest id inside.
 *
 * A change of user between two ids outside, so that the kernel forgets the
 * wish to die with the parent; caps_change_user() renews it.
 */
int userns_enter(const struct userns *userns)
{
	struct caps_user user = {
		.uid = userns_first_id(&userns->uids),
		.gid = userns_first_id(&userns->gids),
	};

	if (!userns->enabled)
		return 0;
	return caps_change_user(&user);
}
