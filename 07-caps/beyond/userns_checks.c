/*
 * Whether there can be a user namespace.
 *
 * clone3(2) says no more than EPERM or ENOSPC, and some systems let it
 * succeed and forbid what comes after.  Their switches are files in /proc, so
 * they are read first and named.
 */
#include "07-caps/beyond/userns_checks.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/count.h"
#include "habits/error.h"
#include "habits/surroundings.h"
#include "07-caps/caps_sets.h"

/* Of the first user namespace: the same in every kernel (linux/nsfs.h). */
#define FIRST_USERS 0xEFFFFFFDU

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
	size_t count = COUNT(obstacles);
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

/* caps_has() says "no" where it cannot look: so look once, and say so. */
static int userns_check_caps(void)
{
	cap_t own = cap_get_proc();

	if (!own)
		return error_call(NULL, "read the own capabilities");
	cap_free(own);
	return 0;
}

int userns_check(bool with_userns)
{
	if (userns_check_caps() < 0)
		return -1;
	if (!with_userns && caps_has(CAP_SYS_ADMIN))
		return 0;
	if (!with_userns)
		return error_input(surroundings_lack_admin()
					   ? SURROUNDINGS_NO_ADMIN
					   "; or try --userns"
					   : "run as root (sudo), or with "
					     "--userns",
				   "new namespaces need CAP_SYS_ADMIN");
	/* The maps are written by the child's number in it. */
	return surroundings_check_proc() < 0 ? -1 : userns_check_system();
}

/*
 * A line of the file is: inside, outside, count.  Who could not look must not
 * go on, or root inside would be the root that we are.
 */
static int userns_range_exists(const char *path, uint32_t first, uint32_t range)
{
	FILE *file = fopen(path, "re");
	unsigned long inside, count;
	int answer = 0;

	if (!file)
		return error_call(NULL, "read %s", path);
	while (!answer && fscanf(file, "%lu %*u %lu", &inside, &count) == 2)
		answer = inside <= first && count >= first - inside + range;
	if (ferror(file))
		answer = error_call(NULL, "read %s", path);
	fclose(file);
	return answer;
}

int userns_has_range(uint32_t first, uint32_t count)
{
	int users = userns_range_exists("/proc/self/uid_map", first, count);
	int groups = users < 0 ? -1
			       : userns_range_exists("/proc/self/gid_map",
						     first, count);

	return users < 0 || groups < 0 ? -1 : users && groups;
}

/*
 * Another one may map all ids to themselves, too; the number of its file is
 * still another.  Where there is none there are no such namespaces.
 * See user_namespaces(7).
 */
int userns_is_host_root(void)
{
	struct stat users;

	if (geteuid() != 0)
		return 0;
	if (stat("/proc/self/ns/user", &users) == 0)
		return users.st_ino == FIRST_USERS;
	return errno == ENOENT ? 1
			       : error_call(NULL, "look at /proc/self/ns/user");
}
