/*
 * The kernel's own root, a ramfs from which a machine without disks runs, can
 * never be moved or unmounted.
 */
#include "04-chroot/beyond/why.h"

#include <errno.h>
#include <linux/magic.h>
#include <sys/vfs.h>

/* pivot_root's EINVAL has many causes; the likely ones can be told apart. */
int why_no_pivot(const char *path, const struct hint *hints)
{
	int error = errno;
	struct statfs root;

	if (error == EINVAL && statfs("/", &root) == 0 &&
	    (unsigned int)root.f_type == RAMFS_MAGIC)
		return error_input("the system runs from its initramfs, which "
				   "can never be moved: use --jail chroot",
				   "make %s the root: / is the kernel's rootfs",
				   path);
	errno = error;
	return error_call(hints, "make %s the root (pivot_root)", path);
}
