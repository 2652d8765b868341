/*
 * What links can do to a mount inside of the root has been done to others:
 * /proc as a link to a directory of the image, where the checks then looked in
 * vain (CVE-2023-27561); a volume in the place of /proc, so that the profile of
 * a security module was written to nowhere (CVE-2019-16884); or one over files
 * of the real /proc (CVE-2025-52881).  What is looked at is the open
 * descriptor, never the path: the descriptor is what will be mounted on.
 */
#include "10-full-container/root/place.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/count.h"
#include "habits/error.h"
#include "10-full-container/guard/path.h"

static const struct hint place_hints[] = {
	{ ELOOP, "remove the symbolic link from the image" },
	{ ENOTDIR, "a part of the path is a file in the container" },
	{ 0, NULL },
};

/* What lxcfs shows instead, so that free(1) tells the container's memory. */
static const char *const place_proc_files[] = {
	"/proc/cpuinfo",
	"/proc/diskstats",
	"/proc/loadavg",
	"/proc/meminfo",
	"/proc/net/dev",
	"/proc/slabinfo",
	"/proc/stat",
	"/proc/swaps",
	"/proc/sys/crypto/fips_enabled",
	"/proc/sys/kernel/ns_last_pid",
	"/proc/uptime",
};

/* statx(2): Linux 5.8. */
bool place_is_same(int one, int other)
{
	struct statx a, b;

	return one >= 0 && other >= 0 &&
	       statx(one, "", AT_EMPTY_PATH, STATX_INO | STATX_MNT_ID, &a) ==
		       0 &&
	       statx(other, "", AT_EMPTY_PATH, STATX_INO | STATX_MNT_ID, &b) ==
		       0 &&
	       a.stx_ino == b.stx_ino && a.stx_mnt_id == b.stx_mnt_id;
}

static bool place_is_of(int fd, long magic)
{
	struct statfs filesystem;

	return fstatfs(fd, &filesystem) == 0 && filesystem.f_type == magic;
}

static bool place_is_procfs(int fd)
{
	return place_is_of(fd, PROC_SUPER_MAGIC);
}

bool place_is_kernels(int fd)
{
	return place_is_procfs(fd) || place_is_of(fd, SYSFS_MAGIC) ||
	       place_is_of(fd, CGROUP_SUPER_MAGIC) ||
	       place_is_of(fd, CGROUP2_SUPER_MAGIC);
}

static bool place_is_listed(const char *path)
{
	size_t count = COUNT(place_proc_files);

	for (size_t i = 0; i < count; i++)
		if (strcmp(path, place_proc_files[i]) == 0)
			return true;
	return false;
}

int place_check(int fd, int root, const char *path)
{
	CLEANUP_CLOSE int proc = path_open(root, "/proc", O_PATH);

	if (place_is_same(fd, root))
		return error_input("is it a symbolic link in the image?",
				   "mount on %s: that is the root itself",
				   path);
	if (place_is_procfs(fd) && !place_is_same(fd, proc) &&
	    !place_is_listed(path))
		return error_input("only what lxcfs shows may be replaced: "
				   "/proc/meminfo, /proc/cpuinfo ...",
				   "mount on %s: that is a file of /proc",
				   path);
	return 0;
}

/*
 * Where a link has led: not to the places in which the kernel's files and the
 * devices are, or the image would decide what they are.  Who means these
 * writes them as they are.
 */
static int place_check_link(int fd, int root, const char *path)
{
	static const char *const places[] = { "/dev", "/sys",
					      "/sys/fs/cgroup" };
	bool is_refused = place_is_kernels(fd) && !place_is_procfs(fd);

	for (size_t i = 0; i < COUNT(places); i++) {
		CLEANUP_CLOSE int place = path_open(root, places[i], O_PATH);

		is_refused |= place_is_same(fd, place);
	}
	if (!is_refused)
		return 0;
	return error_input("remove the symbolic link from the image",
			   "mount on %s: that is a link to /dev, or into /sys",
			   path);
}

/* Programs in the container rely on /proc as on the kernel itself. */
static int place_check_proc(const struct oci_mount *volume, int target,
			    int root)
{
	CLEANUP_CLOSE int proc = path_open(root, "/proc", O_PATH);

	if (!place_is_same(target, proc) || place_is_procfs(volume->mount.fd))
		return 0;
	return error_input("leave the mount out, or make it one of type proc",
			   "mount on %s: what goes there must be a procfs",
			   volume->mount.target);
}

bool place_is_root(const char *path)
{
	return strcmp(path, "/") == 0;
}

bool place_is_dev(const char *path)
{
	return strncmp(path, "/dev", 4) == 0 &&
	       strspn(path + 4, "/.") == strlen(path + 4);
}

/*
 * What is to be trusted must be where it is said to be: a link would let the
 * image choose where the real /proc is, and be looked for at another place.
 * Devices are made below /dev, and that could be a link to the host's.
 */
static bool place_must_be_direct(const struct oci_mount *volume)
{
	const char *type = volume->is_bind || !volume->mount.type
				   ? ""
				   : volume->mount.type;

	return volume->is_cgroup || volume->socket ||
	       strcmp(type, "proc") == 0 || strcmp(type, "sysfs") == 0 ||
	       place_is_dev(volume->mount.target);
}

/*
 * A path that was walked without a link and is spelled like this is neither
 * the root nor /proc, so that the two need not be looked up and compared.
 */
static bool place_is_plain(const char *path)
{
	return path[0] == '/' && path[1] && !strstr(path, "//") &&
	       !strstr(path, "/.") && strncmp(path, "/proc", 5) != 0;
}

/* A place of the same kind as what is to be seen there; as O_PATH. */
static int place_make(const struct oci_mount *volume, int root)
{
	const struct mount *mount = &volume->mount;
	struct stat status;

	if (fstat(mount->fd, &status) < 0)
		return error_call(NULL, "mount on %s", mount->target);
	return path_make(root, mount->target, S_ISDIR(status.st_mode));
}

/*
 * First without following any link, which is what nearly all mounts need and
 * the quickest.  Only if there is one, and the mount may have one on its way
 * (/etc/mtab, /var/run), the link is followed, inside the root; then, or if
 * the spelling leaves it open, it is checked where that has led.
 */
int place_open(const struct oci_mount *volume, int root)
{
	const char *path = volume->mount.target;
	bool is_plain = place_is_plain(path) || place_is_root(path);
	int fd = path_open_direct(root, path);

	if (fd < 0 && errno == ENOENT) {
		fd = place_make(volume, root);
		if (fd < 0)
			return -1;
		close(fd);
		fd = path_open_direct(root, path);
	}
	if (fd < 0 && errno == ELOOP && !place_must_be_direct(volume)) {
		is_plain = false;
		fd = place_make(volume, root); /* at the end of the link */
		if (fd < 0)
			return -1;
		if (place_check_link(fd, root, path) < 0) {
			close(fd);
			return -1;
		}
	}
	if (fd < 0)
		return error_call(place_hints, "mount on %s", path);
	if (is_plain && !place_is_procfs(fd))
		return fd;
	if (place_check(fd, root, path) == 0 &&
	    place_check_proc(volume, fd, root) == 0)
		return fd;
	close(fd);
	return -1;
}
