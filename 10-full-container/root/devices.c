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
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "03-mount/syscalls.h"
#include "04-chroot/dev.h"
#include "10-full-container/guard/path.h"
#include "10-full-container/root/kept.h"

#define EVERYONE (S_IFCHR | 0666)

static const struct hint device_hints[] = {
	{ ELOOP, "remove the symbolic link from the image" },
	{ 0, NULL },
};

static const struct word device_types[] = {
	{ "c", S_IFCHR },
	{ "u", S_IFCHR },
	{ "b", S_IFBLK },
	{ "p", S_IFIFO },
	{ 0 },
};

/* "/dev/x/" is /dev/x: the slash at the end means nothing here. */
static int device_read_path(const struct value *value, void *field)
{
	const char **path = field;
	size_t length;

	if (member_path(value, field) < 0)
		return -1;
	length = strlen(*path);
	if ((*path)[length - 1] != '/')
		return 0;
	while (length > 1 && (*path)[length - 1] == '/')
		length--;
	json_string_setn((json_t *)value->value, strdupa(*path), length);
	*path = json_string_value(value->value);
	return (*path)[1] ? 0 : value_complain(value, "a file");
}

/* 12 bits of major and 20 of minor number: what the kernel keeps (dev_t). */
struct device_item {
	struct device device;
	mode_t type;
};

#define DEVICE(field) MEMBER_AT(struct device_item, field)
static const struct member device_members[] = {
	{ "type", member_word, DEVICE(type), REQUIRED, .more = device_types },
	{ "path", device_read_path, DEVICE(device.path), REQUIRED },
	{ "major", member_integer, DEVICE(device.major),
	  .high = (1 << 12) - 1 },
	{ "minor", member_integer, DEVICE(device.minor),
	  .high = (1 << 20) - 1 },
	{ "fileMode", member_integer, DEVICE(device.mode), .high = 0177777 },
	{ "uid", member_id, DEVICE(device.uid) },
	{ "gid", member_id, DEVICE(device.gid) },
	{ 0 },
};

static int device_read(struct device *device, const struct value *item)
{
	struct device_item read = { .device.mode = 0666 };

	if (members_read(item, device_members, &read) < 0)
		return -1;
	*device = read.device;
	device->mode = read.type | (device->mode & 07777);
	if (read.type == S_IFIFO)
		return 0;
	return value_require(item, "major") < 0 ? -1
						: value_require(item, "minor");
}

/* An empty one ends the list; devices_make() adds the standard ones. */
int devices_read(const struct value *array, void *field)
{
	struct device *devices;

	if (value_item_array(array) < 0)
		return -1;
	devices = calloc(value_count(array) + 1, sizeof(struct device));
	if (!devices)
		return error_call(NULL, "read the devices");
	*(struct device **)field = devices;
	for (size_t i = 0; i < value_count(array); i++) {
		struct value item = value_item(array, i);

		if (device_read(&devices[i], &item) < 0)
			return -1;
	}
	return 0;
}

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
static int device_open_place(const struct device *device,
			     const struct devices_place *place)
{
	const char *path = device->path;
	int base = kept_base(place->mounts, place->root, &path);
	CLEANUP_CLOSE int made = path_make(base, path, false);
	int fd = made < 0 ? -1 : path_open_direct(base, path);

	if (made >= 0 && fd < 0)
		error_call(device_hints, "bind the device %s", device->path);
	return fd;
}

/*
 * The host's file of the same name, if it is that device.  The mount is
 * read-only, which keeps root inside from changing the file's owner and mode,
 * and does not concern what is written to the device.
 */
static int device_bind(const struct device *device,
		       const struct devices_place *place)
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
	target = device_open_place(device, place);
	return target < 0 ? -1 : path_place(source, target, device->path);
}

/* Without a link on the way: it could lead to a directory of the host. */
static int device_open_parent(const struct device *device,
			      const struct devices_place *place,
			      const char **name)
{
	const char *path = device->path;
	int base = kept_base(place->mounts, place->root, &path);
	CLEANUP_CLOSE int made = path_make_parent(base, path, name);
	CLEANUP_FREE char *above = strndup(path, (size_t)(*name - path));
	int fd = -1;

	if (made >= 0 && above)
		fd = path_open_direct(base, above);
	if (made >= 0 && fd < 0)
		error_call(device_hints, "make the device %s", device->path);
	return fd;
}

/* A pipe is no device, and everybody may make one. */
static int device_make(const struct device *device,
		       const struct devices_place *place)
{
	CLEANUP_CLOSE int parent = -1;
	const char *name;

	if (!place->can_make && !S_ISFIFO(device->mode))
		return device_bind(device, place);
	parent = device_open_parent(device, place, &name);
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
 * config-linux.md, "Default Devices": those of stage 04 (/dev/console is
 * tty.c's).  They all are in /dev itself, which is `parent`.  One that
 * config.json lists has been made as it says.
 */
static int devices_make_standard(const struct devices_place *place, int parent)
{
	for (const struct dev_file *f = dev_files; f->path; f++) {
		const struct device device = { f->path,  EVERYONE, f->major,
					       f->minor, 0,        0 };

		if (!device_is_listed(place->devices, f->path) &&
		    (place->can_make ? device_mknod(&device, parent,
						    f->path + strlen("/dev/"))
				     : device_bind(&device, place)) < 0)
			return -1;
	}
	return 0;
}

/* The links that programs expect, as in stage 04. */
static int devices_link(int parent)
{
	for (const struct dev_link *link = dev_links; link->path; link++)
		if (symlinkat(link->target, parent,
			      link->path + strlen("/dev/")) < 0 &&
		    errno != EEXIST)
			return error_call(NULL, "make the link %s", link->path);
	return 0;
}

/* /dev itself, not what a link leads to. */
static int devices_open(const struct devices_place *place)
{
	const char *path = "/dev";
	int base = kept_base(place->mounts, place->root, &path);
	CLEANUP_CLOSE int made = path_make(base, path, true);
	int fd = made < 0 ? -1 : path_open_direct(base, path);

	if (made >= 0 && fd < 0)
		error_call(device_hints, "make devices in /dev");
	return fd;
}

/*
 * Those of config.json first: a standard one among them is as it says.  With
 * umask 0, since modes are meant exactly.
 */
int devices_make(const struct devices_place *place)
{
	CLEANUP_CLOSE int parent = devices_open(place);
	mode_t mask = umask(0);
	int result = parent < 0 ? -1 : 0;

	for (const struct device *d = place->devices; d && d->path; d++)
		if (result == 0)
			result = device_make(d, place);
	if (result == 0)
		result = devices_make_standard(place, parent);
	umask(mask);
	return result < 0 ? -1 : devices_link(parent);
}
