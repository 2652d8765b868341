/*
 * A mount is made in two halves, with other steps in between.
 *
 * mount(2) does it all at once, by paths, and its one errno has to stand for
 * everything that can be wrong.  The calls since Linux 5.2 work on
 * descriptors: configure a filesystem option by option, get the mount, set
 * its attributes, and only then give it a place.
 */
#include "03-mount/mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "habits/surroundings.h"
#include "03-mount/beyond/target.h"
#include "03-mount/beyond/why.h"
#include "03-mount/filesystem.h"
#include "03-mount/syscalls.h"

static const struct hint private_hints[] = {
	{ EINVAL, SURROUNDINGS_CHROOT },
	{ 0, NULL },
};

static const struct hint source_hints[] = {
	{ ENOENT, "the source of a mount must exist" },
	{ EPERM, "the mount needs CAP_SYS_ADMIN in the user namespace that "
		 "owns it" },
	{ EACCES, "root inside, who with --userns is nobody special, has to "
		  "pass every directory of the path: chmod o+x" },
	{ EMFILE, "each mount takes a descriptor: see ulimit -n" },
	{ ENOSYS, "the new mount calls are missing (Linux 5.12)" },
	{ 0, NULL },
};

static const struct hint attach_hints[] = {
	{ ENOENT, "the mount point does not exist: make it first (mkdir -p)" },
	{ ENOTDIR, "a directory goes on a directory, a file on a file" },
	{ EINVAL, "a directory goes on a directory, a file on a file" },
	{ ELOOP, "the mount point is reached by a symbolic link in a loop" },
	{ EACCES, "root inside, who with --userns is nobody special, has to "
		  "pass every directory of the path: chmod o+x" },
	{ 0, NULL },
};

/*
 * One call for the whole table: mount_setattr(2) with AT_RECURSIVE.  It
 * changes the copies in this namespace; the host's mounts stay shared among
 * themselves.
 */
int mounts_make_private(void)
{
	struct mount_attr attr = { .propagation = MS_PRIVATE };

	if (mount_setattr(AT_FDCWD, "/", AT_RECURSIVE, &attr, sizeof(attr)) < 0)
		return error_call(private_hints, "make all mounts private");
	return 0;
}

/*
 * A directory or file seen from a second place, with all that is mounted
 * below it.  Read-only must be said for each of those mounts as well: the
 * classic MS_BIND|MS_RDONLY leaves even the first one writable.
 */
static int mounts_bind(const char *source, uint64_t attributes)
{
	struct mount_attr attr = { .attr_set = attributes };
	CLEANUP_CLOSE int fd =
		open_tree(AT_FDCWD, source,
			  OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);

	if (fd < 0 || mount_setattr(fd, "", AT_EMPTY_PATH | AT_RECURSIVE, &attr,
				    sizeof(attr)) < 0)
		return -1;
	return cleanup_keep(&fd);
}

/*
 * Make one mount, and leave it in mount->fd.  Nobody can see it: it is in no
 * directory yet, and is gone if the descriptor is closed.
 */
static int mounts_open_one(struct mount *mount)
{
	CLEANUP_CLOSE int context = -1;

	if (!mount->type) {
		mount->fd = mounts_bind(mount->source, mount->attributes);
		if (mount->fd < 0)
			return error_call(source_hints, "bind %s for %s",
					  mount->source, mount->target);
		return 0;
	}
	/* Linux 5.2.  ENODEV: the kernel has no such filesystem. */
	context = fsopen(mount->type, FSOPEN_CLOEXEC);
	mount->fd = filesystem_mount(context, mount);
	if (mount->fd < 0 && errno == EPERM && mount->instead)
		mount->fd = mounts_bind(mount->instead, mount->attributes);
	return mount->fd < 0 ? why_no_filesystem(context, mount) : 0;
}

/*
 * A failure leaves descriptors open; the child that called ends then, and they
 * are closed with it.
 */
int mounts_open(struct mount *table)
{
	for (struct mount *mount = table; mount->target; mount++)
		if (mounts_open_one(mount) < 0)
			return -1;
	return 0;
}

/*
 * The order of the table counts: /dev before /dev/pts, or the second would be
 * hidden by the first.  What was at the target before is covered, not removed.
 */
int mounts_attach(struct mount *table, bool create)
{
	for (struct mount *mount = table; mount->target; mount++) {
		CLEANUP_CLOSE int fd = mount->fd;

		mount->fd = -1;
		if (create && target_make(mount->target, fd) < 0)
			return -1;
		if (move_mount(fd, "", AT_FDCWD, mount->target,
			       MOVE_MOUNT_F_EMPTY_PATH |
				       MOVE_MOUNT_T_SYMLINKS) < 0)
			return error_call(attach_hints, "mount on %s",
					  mount->target);
	}
	return 0;
}
