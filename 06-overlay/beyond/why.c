/*
 * Why a mount of the layers failed.
 *
 * Overlay answers EINVAL to nearly everything, and writes the reason only to
 * the kernel's log.  What can be found out from here is tried in turn.
 */
#include "06-overlay/beyond/why.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/mount.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "habits/error.h"
#include "03-mount/syscalls.h"

static const struct hint why_hints[] = {
	{ ENODEV, "this kernel has no overlay filesystem: modprobe overlay" },
	{ ELOOP, "layers and the upper directory must not be the same, nor "
		 "one inside the other" },
	{ EROFS, "the upper directory is on a read-only filesystem" },
	{ EPERM, "it needs CAP_SYS_ADMIN; in a user namespace Linux 5.11" },
	{ EINVAL, "see the end of dmesg; an id-mapped layer needs Linux 5.19" },
	{ 0, NULL },
};

/* A container's own root is an overlay: so this is met in a container. */
static bool why_is_on_overlay(int fd)
{
	struct statfs fs;

	return fstatfs(fd, &fs) == 0 && fs.f_type == OVERLAYFS_SUPER_MAGIC;
}

/*
 * In a user namespace the mounts that came from outside are locked together:
 * a part of a tree must not be had without what is mounted in it, for that
 * would uncover what the mount hides.
 */
static bool why_is_locked(int fd)
{
	int tree = open_tree(fd, "", AT_EMPTY_PATH | OPEN_TREE_CLONE);

	if (tree < 0)
		return errno == EINVAL;
	close(tree);
	return false;
}

/* Find the cause of EINVAL.  Returns -1 after a message, 0 if none is found. */
static int why_find_cause(const struct overlay *overlay,
			  const struct overlay_parts *parts)
{
	if (overlay->upper && why_is_on_overlay(parts->upper))
		return error_input("give one on ext4, xfs, btrfs or tmpfs",
				   "the upper directory %s is on an overlay "
				   "itself",
				   overlay->upper);
	for (int i = 0; i < parts->count; i++) {
		if (why_is_locked(parts->layers[i]))
			return error_input(
				"in a user namespace that would uncover what "
				"the mount hides: copy the layer elsewhere",
				"the layer %s has something mounted below it",
				overlay->layers[i]);
		if (why_is_on_overlay(parts->layers[i]))
			return error_input(
				"give a layer on a disk or a tmpfs",
				"the layer %s is on an overlay itself, and "
				"the kernel stacks no more than two",
				overlay->layers[i]);
	}
	if (overlay->upper)
		return error_input("give one on ext4, xfs, btrfs or tmpfs; "
				   "network and FAT filesystems cannot hold it",
				   "the filesystem of %s does not take an "
				   "upper directory",
				   overlay->upper);
	return 0;
}

/*
 * Look for the cause only after EINVAL: the other errnos have one meaning
 * each.
 */
int why_not_mounted(const struct overlay *overlay,
		    const struct overlay_parts *parts)
{
	int error = errno;

	if (error == EINVAL && why_find_cause(overlay, parts) < 0)
		return -1;
	errno = error;
	return error_call(why_hints, "mount the layers");
}
