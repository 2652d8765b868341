/*
 * The device files of a container's own /dev.
 *
 * A device file is a name for two numbers; the driver with those numbers is
 * the whole machine's.  So who may make one, by mknod(2), could read any disk:
 * it needs CAP_MKNOD in the first user namespace.  In another one the host's
 * files are bound instead, one by one, as in stage 04.  Which devices can be
 * opened is a question for the group: device_rules.h.
 */
#include "10-full-container/root/devices.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "03-mount/syscalls.h"
#include "10-full-container/guard/path.h"
#include "10-full-container/root/oci_mounts.h"

#define EVERYONE (S_IFCHR | 0666)

/* config-linux.md, "Default Devices"; /dev/console is tty.c's. */
static const struct device standard_devices[] = {
	{ "/dev/null", EVERYONE, 1, 3, 0, 0 },
	{ "/dev/zero", EVERYONE, 1, 5, 0, 0 },
	{ "/dev/full", EVERYONE, 1, 7, 0, 0 },
	{ "/dev/random", EVERYONE, 1, 8, 0, 0 },
	{ "/dev/urandom", EVERYONE, 1, 9, 0, 0 },
	{ "/dev/tty", EVERYONE, 5, 0, 0, 0 },
	{ 0 },
};

static const struct {
	const char *target, *path;
} devices_linked[] = {
	{ "/proc/self/fd", "/dev/fd" },
	{ "/proc/self/fd/0", "/dev/stdin" },
	{ "/proc/self/fd/1", "/dev/stdout" },
	{ "/proc/self/fd/2", "/dev/stderr" },
	{ "pts/ptmx", "/dev/ptmx" },
};

static const struct hint device_hints[] = {
	{ ELOOP, "remove the symbolic link from the image" },
	{ 0, NULL },
};

/* Of the same kind and with the same numbers; the name is not enough. */
static bool device_is_there(const struct device *device, int parent,
			    const char *name)
{
	dev_t number = makedev(device->major, device->minor);
	struct stat status;

	return fstatat(parent, name, &status,
		       AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH) == 0 &&
	       (status.st_mode & S_IFMT) == (device->mode & S_IFMT) &&
	       (S_ISFIFO(device->mode) || status.st_rdev == number);
}

/*
 * To its owner, if it is still what was made: somebody may share the place, and
 * have put a link there meanwhile, to a file of the host.  The descriptor is
 * looked at, and changed, so that it is one and the same thing.
 */
static int device_give(const struct device *device, int parent,
		       const char *name)
{
	CLEANUP_CLOSE int fd =
		openat(parent, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);

	errno = EEXIST;
	if (fd < 0 || !device_is_there(device, fd, ""))
		return -1;
	return fchownat(fd, "", device->uid, device->gid, AT_EMPTY_PATH);
}

/* With umask 0, or the mode would lose bits: see devices_make(). */
static int device_mknod(const struct device *device, int parent,
			const char *name)
{
	if (mknodat(parent, name, device->mode,
		    makedev(device->major, device->minor)) < 0) {
		if (errno == EEXIST && device_is_there(device, parent, name))
			return 0;
		return error_call(NULL, "make the device %s", device->path);
	}
	if ((device->uid || device->gid) &&
	    device_give(device, parent, name) < 0)
		return error_call(NULL, "give the device %s to user %u",
				  device->path, device->uid);
	return 0;
}

/* A link would lead the device over another file. */
static int device_open_place(const struct device *device, int root)
{
	CLEANUP_CLOSE int made = path_make(root, device->path, false);
	int fd = made < 0 ? -1 : path_open_direct(root, device->path);

	if (made >= 0 && fd < 0)
		error_call(device_hints, "bind the device %s", device->path);
	return fd;
}

/*
 * The host's file of the same name, if it is that device.  The mount is
 * read-only, which keeps root inside from changing the file's owner and mode,
 * and does not concern what is written to the device.
 */
static int device_bind(const struct device *device, int root)
{
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_RDONLY };
	CLEANUP_CLOSE int source = -1, target = -1;

	if (!device_is_there(device, AT_FDCWD, device->path))
		return error_input(
			"in a user namespace, or without device rules, "
			"devices are not made: the host's are bound",
			"make the device %s: the host has no such "
			"device there",
			device->path);
	source = open_tree(AT_FDCWD, device->path,
			   OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC |
				   AT_SYMLINK_NOFOLLOW);
	if (source < 0 ||
	    mount_setattr(source, "", AT_EMPTY_PATH, &attr, sizeof(attr)) < 0)
		return error_call(NULL, "bind the device %s", device->path);
	target = device_open_place(device, root);
	return target < 0 ? -1 : oci_mount_place(source, target, device->path);
}

/* Without a link on the way: it could lead to a directory of the host. */
static int device_open_parent(const struct device *device, int root,
			      const char **name)
{
	CLEANUP_CLOSE int made = path_make_parent(root, device->path, name);
	CLEANUP_FREE char *above =
		strndup(device->path, (size_t)(*name - device->path));
	int fd = -1;

	if (made >= 0 && above)
		fd = path_open_direct(root, above);
	if (made >= 0 && fd < 0)
		error_call(device_hints, "make the device %s", device->path);
	return fd;
}

/* A pipe is no device, and everybody may make one. */
static int device_make(const struct device *device, int root, bool can_make)
{
	CLEANUP_CLOSE int parent = -1;
	const char *name;

	if (!can_make && !S_ISFIFO(device->mode))
		return device_bind(device, root);
	parent = device_open_parent(device, root, &name);
	return parent < 0 ? -1 : device_mknod(device, parent, name);
}

/* By its path, however it is said that it should look. */
static bool device_is_listed(const struct device *devices, const char *path)
{
	for (; devices && devices->path; devices++)
		if (strcmp(devices->path, path) == 0)
			return true;
	return false;
}

/*
 * These all are in /dev itself, which is `parent`.  One that config.json lists
 * has been made as it says.
 */
static int devices_make_standard(const struct device *listed, int root,
				 int parent, bool can_make)
{
	for (const struct device *d = standard_devices; d->path; d++)
		if (!device_is_listed(listed, d->path) &&
		    (can_make ? device_mknod(d, parent,
					     d->path + strlen("/dev/"))
			      : device_bind(d, root)) < 0)
			return -1;
	return 0;
}

/* The links that programs expect, as in stage 04. */
static int devices_link(int parent)
{
	size_t count = sizeof(devices_linked) / sizeof(devices_linked[0]);

	for (size_t i = 0; i < count; i++)
		if (symlinkat(devices_linked[i].target, parent,
			      devices_linked[i].path + strlen("/dev/")) < 0 &&
		    errno != EEXIST)
			return error_call(NULL, "make the link %s",
					  devices_linked[i].path);
	return 0;
}

/* /dev itself, not what a link leads to. */
static int devices_open(int root)
{
	CLEANUP_CLOSE int made = path_make(root, "/dev", true);
	int fd = made < 0 ? -1 : path_open_direct(root, "/dev");

	if (made >= 0 && fd < 0)
		error_call(device_hints, "make devices in /dev");
	return fd;
}

/*
 * Those of config.json first: a standard one among them is as it says.  With
 * umask 0, since modes are meant exactly.
 */
int devices_make(const struct device *devices, int root, bool can_make)
{
	CLEANUP_CLOSE int parent = devices_open(root);
	mode_t mask = umask(0);
	int result = parent < 0 ? -1 : 0;

	for (const struct device *d = devices; d && d->path; d++)
		if (result == 0)
			result = device_make(d, root, can_make);
	if (result == 0)
		result = devices_make_standard(devices, root, parent, can_make);
	umask(mask);
	return result < 0 ? -1 : devices_link(parent);
}
