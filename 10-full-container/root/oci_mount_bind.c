/*
 * The source of a bind mount, as a mount without a place.
 *
 * By the parent, by the child, or by who maps its owners first: whoever has the
 * right to the path, and at the moment at which it still means the same.
 */
#include "10-full-container/root/oci_mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "03-mount/syscalls.h"
#include "10-full-container/guard/path.h"
#include "10-full-container/root/place.h"

static const struct hint bind_hints[] = {
	{ ENOENT, "the source of a bind mount must exist on the host" },
	{ EINVAL, "the source is on an unbindable mount, or not in this mount "
		  "namespace" },
	{ 0, NULL },
};

/* As in stage 03, but only with "rbind" with what is mounted below. */
int oci_mount_bind(struct oci_mount *volume)
{
	struct mount *mount = &volume->mount;
	unsigned int flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC;

	mount->fd =
		open_tree(AT_FDCWD, mount->source,
			  flags | (volume->is_recursive ? AT_RECURSIVE : 0));
	if (mount->fd < 0)
		return error_call(bind_hints, "bind %s for %s", mount->source,
				  mount->target);
	return 0;
}

/*
 * What an earlier mount has brought, wherever the image's links lead; but not
 * to the kernel's files, which would be seen there without their masks.
 */
int oci_mount_bind_inside(struct oci_mount *volume, int root)
{
	CLEANUP_CLOSE int place = path_open(root, volume->inside, O_PATH);
	CLEANUP_CLOSE int direct = path_open_direct(root, volume->inside);

	if (place_is_kernels(place) && !place_is_same(place, direct))
		return error_input("remove the symbolic link",
				   "bind %s for %s: a link leads it to the "
				   "kernel's files",
				   volume->mount.source, volume->mount.target);
	if (place >= 0)
		volume->mount.fd = open_tree(
			place, "",
			OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH |
				(volume->is_recursive ? AT_RECURSIVE : 0));
	if (volume->mount.fd < 0)
		return error_call(bind_hints, "bind %s for %s",
				  volume->mount.source, volume->mount.target);
	return 0;
}

/*
 * Before the mounts are cut off from the host's: a copy that is made later
 * would be connected to nothing.
 */
int oci_mounts_bind_shared(struct oci_mount *volumes)
{
	for (struct oci_mount *v = volumes; v && v->mount.target; v++) {
		uint64_t wanted = v->one.propagation | v->all.propagation;

		if (v->is_bind && v->mount.fd < 0 && wanted & MS_SHARED &&
		    oci_mount_bind(v) < 0)
			return -1;
	}
	return 0;
}
