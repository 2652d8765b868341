/*
 * The kernel takes a map only as the descriptor of a user namespace.  One comes
 * with a process in it, and its map is written by way of that process,
 * /proc/PID/uid_map; the descriptor keeps it when the process has gone.
 */
#include "10-full-container/root/oci_mount_owners.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>
#include <unistd.h>

#include "habits/error.h"
#include "01-uts/child.h"
#include "03-mount/syscalls.h"

static const struct hint idmap_hints[] = {
	{ EINVAL, "this kind of filesystem cannot have its owners mapped, or "
		  "not on this kernel" },
	{ EPERM, "it needs CAP_SYS_ADMIN over the filesystem, which only the "
		 "host's root has for most; and what is mapped already cannot "
		 "be mapped again" },
	{ 0, NULL },
};

static const struct hint join_map_hints[] = {
	{ ENOENT, "the process or the bind mount that kept it is gone" },
	{ 0, NULL },
};

/* The only process of a user namespace waits until its map is written. */
static int oci_mount_wait_map(void *argument)
{
	(void)argument;
	return child_wait_gate() < 0;
}

/* A user namespace with this map; -1 after a message. */
static int oci_mount_make_map(const struct oci_mount *volume)
{
	struct clone_args args = { .flags = CLONE_NEWUSER };
	struct child child;
	char path[64];
	int fd = -1;

	if (child_start(&child, &args, oci_mount_wait_map, NULL) < 0)
		return -1;
	snprintf(path, sizeof(path), "/proc/%d/ns/user", child.pid);
	if (userns_map(volume->owners, child.pid) == 0) {
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			error_call(NULL, "open the map for %s",
				   volume->mount.target);
	}
	child_abandon(&child);
	return fd;
}

static int oci_mount_open_map(const struct oci_mount *volume)
{
	int fd;

	if (!volume->owners_path)
		return oci_mount_make_map(volume);
	fd = open(volume->owners_path,
		  O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	return fd < 0 ? error_call(join_map_hints,
				   "open the map for %s, the user namespace %s",
				   volume->mount.target, volume->owners_path)
		      : fd;
}

static int oci_mount_apply_map(const struct oci_mount *volume, int map)
{
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_IDMAP,
				   .userns_fd = (unsigned int)map };
	unsigned int flags =
		AT_EMPTY_PATH | (volume->maps_below ? AT_RECURSIVE : 0);

	if (mount_setattr(volume->mount.fd, "", flags, &attr, sizeof(attr)) < 0)
		return error_call(idmap_hints, "map the owners of %s",
				  volume->mount.target);
	return 0;
}

/*
 * The mount comes from the host's table, where it may be shared: what is
 * mounted below it inside must not appear outside.  One that wants to hear of
 * the host's mounts is a slave, as all mounts are then (root_separate).
 */
static int oci_mount_take(struct oci_mount *volume)
{
	uint64_t wanted = volume->one.propagation | volume->all.propagation;
	bool is_connected = wanted & (MS_SLAVE | MS_SHARED);
	struct mount_attr attr = {
		.propagation = is_connected ? MS_SLAVE : MS_PRIVATE,
	};

	if (oci_mount_bind(volume) < 0)
		return -1;
	if (mount_setattr(volume->mount.fd, "", AT_EMPTY_PATH | AT_RECURSIVE,
			  &attr, sizeof(attr)) < 0)
		return error_call(NULL, "separate %s from the host's mounts",
				  volume->mount.target);
	return oci_mount_apply_map(volume, volume->map);
}

/*
 * Bind mounts are taken and mapped at once.  A new filesystem is made by the
 * child, and mapped then: here only its map is prepared.
 */
int oci_mounts_map(struct oci_mount *volumes)
{
	for (struct oci_mount *v = volumes; v && v->mount.target; v++) {
		v->mount.fd = v->map = -1;
		if (!v->owners && !v->owners_path)
			continue;
		v->map = oci_mount_open_map(v);
		if (v->map < 0 || (v->is_bind && oci_mount_take(v) < 0))
			return -1;
	}
	return 0;
}

void oci_mounts_release(struct oci_mount *volumes)
{
	for (struct oci_mount *v = volumes; v && v->mount.target; v++) {
		if (v->map >= 0)
			close(v->map);
		if (v->mount.fd >= 0)
			close(v->mount.fd);
		v->map = v->mount.fd = -1;
	}
}

int oci_mount_map_new(const struct oci_mount *volume)
{
	return volume->map < 0 ? 0 : oci_mount_apply_map(volume, volume->map);
}
