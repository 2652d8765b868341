/*
 * The root of a test's host: the machine's, read-only, without what is mounted
 * on /run, /mnt, /media, /tmp, /var/tmp and /proc.  Nothing on its disks can be changed,
 * and what it mounts there meanwhile is none of the test's business.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "tests/runner/host.h"

#define NEW_ROOT   "/mnt"
#define CGROUP_TOP NEW_ROOT "/sys/fs/cgroup"

/* The host's own: /dev and /sys stay as they are, with their devices. */
static const char *const own[] = { "run", "mnt",     "media",
				   "tmp", "var/tmp", "proc" };
#define OWN (sizeof(own) / sizeof(char *))

/* The mounts that a test finds, by number: they are the machine's. */
static int machine[4096];
static int machines;

void host_must(int result, const char *what)
{
	if (result >= 0)
		return;
	fprintf(stderr, "tests: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* A path that begins without a slash. */
static bool is_own(const char *path)
{
	for (size_t i = 0; i < OWN; i++) {
		size_t length = strlen(own[i]);

		if (strncmp(path, own[i], length) == 0 &&
		    (path[length] == '/' || !path[length]))
			return true;
	}
	return false;
}

/* Until none is left: several can be on one place, and one below another. */
static void detach_own(void)
{
	char *line = NULL, point[4096];
	bool again = true;
	size_t size = 0;
	FILE *file;

	while (again) {
		again = false;
		file = fopen("/proc/self/mountinfo", "re");
		while (file && !again && getline(&line, &size, file) > 0)
			again = sscanf(line, "%*s %*s %*s %*s %4095s", point) ==
					1 &&
				strncmp(point, NEW_ROOT "/",
					sizeof(NEW_ROOT)) == 0 &&
				is_own(point + sizeof(NEW_ROOT)) &&
				umount2(point, MNT_DETACH) == 0;
		if (file)
			fclose(file);
	}
	free(line);
}

/* The headers of glibc 2.35 have no name for it.  AT_RECURSIVE, or 0. */
static void set_read_only(const char *path, bool read_only, unsigned int flags)
{
	struct mount_attr attr = {
		.attr_set = read_only ? MOUNT_ATTR_RDONLY : 0,
		.attr_clr = read_only ? 0 : MOUNT_ATTR_RDONLY,
	};

	host_must((int)syscall(SYS_mount_setattr, AT_FDCWD, path, flags, &attr,
			       sizeof(attr)),
		  "make the machine's disk read-only");
}

/* From an initramfs there is no pivot_root, and its root stays below. */
static void move_to(const char *root)
{
	host_must(chdir(root), root);
	if (syscall(SYS_pivot_root, ".", ".") == 0) {
		host_must(umount2(".", MNT_DETACH), "the machine's root");
		return;
	}
	host_must(mount(".", "/", NULL, MS_MOVE, NULL), "the tests' root");
	host_must(chroot("."), "the tests' root");
}

static void mount_empty(const char *path, const char *data)
{
	if (access(path, F_OK) == 0)
		host_must(mount("tmpfs", path, "tmpfs", MS_NOSUID, data), path);
}

int host_take(const char *directory)
{
	int fd = (int)syscall(SYS_open_tree, AT_FDCWD, directory,
			      OPEN_TREE_CLONE | O_CLOEXEC | AT_RECURSIVE);

	host_must(fd, directory);
	return fd;
}

void host_put(int directory, const char *place)
{
	host_must((int)syscall(SYS_move_mount, directory, "", AT_FDCWD, place,
			       MOVE_MOUNT_F_EMPTY_PATH),
		  place);
	close(directory);
	set_read_only(place, true, AT_RECURSIVE);
}

/* The directory that we are in, if it is where all is empty now. */
static void come_back(const char *path, int directory)
{
	char part[PATH_MAX + 1], *slash;

	if (is_own(path + 1)) {
		snprintf(part, sizeof(part), "%s/", path);
		for (slash = part; (slash = strchr(slash + 1, '/'));
		     *slash = '/') {
			*slash = '\0';
			mkdir(part, 0755);
		}
		host_put(directory, path);
	}
	host_must(chdir(path), path);
}

/*
 * When nothing will be unmounted any more that a test did not mount: the kernel
 * gives numbers again.
 */
void host_remember_machine(void)
{
	FILE *file = fopen("/proc/self/mountinfo", "re");
	char *line = NULL, point[4096];
	size_t size = 0;

	machines = 0;
	while (file && machines < 4096 && getline(&line, &size, file) > 0)
		if (sscanf(line, "%d %*s %*s %*s %4095s", &machine[machines],
			   point) == 2 &&
		    strcmp(point, "/") != 0 && !is_own(point + 1) &&
		    !strstr(line, " - cgroup"))
			machines++;
	free(line);
	if (file)
		fclose(file);
}

bool host_is_of_machine(int mount)
{
	for (int i = 0; i < machines; i++)
		if (machine[i] == mount)
			return true;
	return false;
}

void host_root_make(void)
{
	int here = host_take(".");
	char path[PATH_MAX];
	struct statfs top;

	if (!getcwd(path, sizeof(path)))
		host_must(-1, "the directory of the tests");
	host_must(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL),
		  "private /");
	host_must(mount("/", NEW_ROOT, NULL, MS_BIND | MS_REC, NULL), NEW_ROOT);
	detach_own();
	set_read_only(NEW_ROOT, true, AT_RECURSIVE);
	set_read_only(NEW_ROOT "/dev", false, AT_RECURSIVE);
	set_read_only(NEW_ROOT "/sys", false, AT_RECURSIVE);
	/* Where version 1's trees are: a tmpfs of the machine's. */
	if (statfs(CGROUP_TOP, &top) == 0 && top.f_type == TMPFS_MAGIC)
		set_read_only(CGROUP_TOP, true, 0);
	move_to(NEW_ROOT);
	host_must(mount("proc", "/proc", "proc", 0, NULL), "/proc");
	mount_empty("/run", "mode=755");
	mount_empty("/mnt", "mode=755");
	mount_empty("/tmp", "mode=1777");
	mount_empty("/var/tmp", "mode=1777");
	come_back(path, here);
	close(here); /* a mount that was not put anywhere ends */
}
