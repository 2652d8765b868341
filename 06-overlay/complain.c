/* Why a mount of the layers failed. */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/mount.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "01-uts/error.h"
#include "03-mount/syscalls.h"
#include "06-overlay/internal.h"

static const struct hint overlay_hints[] = {
	{ ENODEV, "this kernel has no overlay filesystem: modprobe overlay" },
	{ ELOOP, "layers and the upper directory must not be the same, nor "
		 "one inside the other" },
	{ EROFS, "the upper directory is on a read-only filesystem" },
	{ EPERM, "it needs CAP_SYS_ADMIN; in a user namespace Linux 5.11" },
	{ EINVAL, "see the end of dmesg; an id-mapped layer needs Linux 5.19" },
	{ 0, NULL },
};

/* Overlay says EINVAL for nearly everything, and the reason only to dmesg. */
int overlay_complain(const struct overlay *overlay,
		     const struct overlay_parts *parts)
{
	int error = errno, tree;
	struct statfs fs;

	for (int i = 0; error == EINVAL && i < parts->count; i++) {
		tree = open_tree(parts->layers[i], "",
				 AT_EMPTY_PATH | OPEN_TREE_CLONE);
		if (tree < 0 && errno == EINVAL)
			return error_input(
				"in a user namespace that would uncover what "
				"the mount hides: copy the layer elsewhere",
				"the layer %s has something mounted below it",
				overlay->layers[i]);
		close(tree);
		if (fstatfs(parts->layers[i], &fs) == 0 &&
		    fs.f_type == OVERLAYFS_SUPER_MAGIC)
			return error_input(
				"give a layer on a disk or a tmpfs",
				"the layer %s is on an overlay itself, and "
				"the kernel stacks no more than two",
				overlay->layers[i]);
	}
	if (error == EINVAL && overlay->upper)
		return error_input(
			"give one on ext4, xfs, btrfs or tmpfs; network, FAT "
			"and overlay filesystems cannot hold it",
			"the filesystem of %s does not take an upper directory",
			overlay->upper);
	errno = error;
	return error_call(overlay_hints, "mount the layers");
}
