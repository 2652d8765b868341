/*
 * From a row of config.json's "mounts" to a mount at its place.
 *
 *     bind or create  ->  descriptor  ->  attributes  ->  target  ->  move_mount
 *
 * What can be done to the descriptor is done before the mount can be seen:
 * with mount(2) a bind would be there first, and read-only or nosuid a moment
 * later.  See open_tree(2), fsopen(2), mount_setattr(2), Linux 5.12.  Three
 * things cannot: the options of a mount that is there already (remount), the
 * filling of a tmpfs with what it will hide, and /dev read-only, since devices
 * are made in it.
 *
 * The target is the image's, and may be a link, or become one while we look,
 * if another container has the same directory (CVE-2021-30465).  So it is
 * opened once, inside the root, and move_mount(2) gets that descriptor.
 */
#include "10-full-container/root/oci_mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "03-mount/beyond/words.h"
#include "03-mount/syscalls.h"
#include "10-full-container/guard/path.h"
#include "10-full-container/root/kept.h"
#include "10-full-container/root/oci_mount_owners.h"
#include "10-full-container/root/oci_mounts_inside.h"
#include "10-full-container/root/place.h"

static const struct hint change_hints[] = {
	{ EPERM, "in a user namespace what was locked outside stays so: ro, "
		 "nosuid, nodev, noexec cannot be cleared" },
	{ EINVAL, "not every filesystem knows this attribute; and only what "
		  "is a mount point can be remounted" },
	{ 0, NULL },
};

static const struct hint remount_hints[] = {
	{ EINVAL, "this filesystem does not know the option, or cannot change "
		  "it; and only what is a mount point can be remounted" },
	{ EPERM, "a filesystem can be changed in the user namespace that it "
		 "was made in" },
	{ ELOOP, "remove the symbolic link from the image" },
	{ 0, NULL },
};

/* A tmpfs that nobody has said a mode for has that of what it hides. */
static bool oci_mount_takes_mode(const struct oci_mount *volume)
{
	const char *type = volume->is_bind ? NULL : volume->mount.type;
	const char *data = volume->data ? volume->data : "";

	return type && strcmp(type, "tmpfs") == 0 &&
	       strncmp(data, "mode=", 5) != 0 && !strstr(data, ",mode=");
}

/* Files are made in it, or its mode, before it may become read-only. */
static bool oci_mount_is_written_first(const struct oci_mount *volume)
{
	return volume->copies_up || oci_mount_takes_mode(volume) ||
	       volume->socket || place_is_dev(volume->mount.target);
}

/* The attributes that go with a new filesystem need no call of their own. */
static int oci_mount_create(struct oci_mount *volume)
{
	struct mount table[2] = { volume->mount };

	table[0].attributes =
		volume->one.attr_set & ~(uint64_t)MOUNT_ATTR_NOSYMFOLLOW;
	if (oci_mount_is_written_first(volume))
		table[0].attributes &= ~(uint64_t)MOUNT_ATTR_RDONLY;
	volume->one.attr_set &= ~table[0].attributes;
	volume->one.attr_clr = 0;
	if (mounts_open(table) < 0)
		return -1;
	volume->mount.fd = table[0].fd;
	return oci_mount_map_new(volume);
}

static bool oci_mount_changes(const struct mount_attr *attr)
{
	return attr->attr_set || attr->attr_clr || attr->propagation;
}

/*
 * Twice: for this mount alone ("ro"), and for all below it as well ("rro").
 * mount(2) knows only the former: a recursive bind that is "ro" leaves what is
 * mounted below it writable (config.md, "Linux mount options").
 */
static int oci_mount_change(const struct oci_mount *volume)
{
	struct mount_attr one = volume->one, all = volume->all;

	if (oci_mount_changes(&one) &&
	    mount_setattr(volume->mount.fd, "", AT_EMPTY_PATH, &one,
			  sizeof(one)) < 0)
		return error_call(change_hints, "set the options of %s",
				  volume->mount.target);
	if (oci_mount_changes(&all) &&
	    mount_setattr(volume->mount.fd, "", AT_EMPTY_PATH | AT_RECURSIVE,
			  &all, sizeof(all)) < 0)
		return error_call(change_hints,
				  "set the recursive options of %s",
				  volume->mount.target);
	return 0;
}

/*
 * Options for the filesystem itself, such as size=: only where the mount is
 * of one.  What is said of the mount (ro, nosuid ...) stays its own matter, or
 * other mounts of the same filesystem would change as well.
 */
static int oci_mount_reconfigure(const struct oci_mount *volume, int fd)
{
	CLEANUP_CLOSE int context = -1;

	if (!volume->data)
		return 0;
	context = fspick(fd, "", FSPICK_CLOEXEC | FSPICK_EMPTY_PATH);
	if (context < 0 || words_set(context, volume->data) < 0 ||
	    fsconfig(context, FSCONFIG_CMD_RECONFIGURE, NULL, NULL, 0) < 0)
		return error_call(remount_hints, "remount %s with \"%s\"",
				  volume->mount.target, volume->data);
	return 0;
}

/*
 * mount_setattr(2) with a descriptor that mount.fd only lends.  A link of the
 * image would choose another mount: one that was to be read-only, and is not
 * any more.
 */
static int oci_mount_remount(struct oci_mount *volume, int root)
{
	CLEANUP_CLOSE int fd = path_open_direct(root, volume->mount.target);
	int result;

	if (fd < 0)
		return error_call(remount_hints, "find the mount %s",
				  volume->mount.target);
	if (oci_mount_reconfigure(volume, fd) < 0)
		return -1;
	volume->mount.fd = fd;
	result = oci_mount_change(volume);
	volume->mount.fd = -1;
	return result;
}

/* A queue filesystem takes no context=, but a label for its files. */
static int oci_mount_label(const struct oci_mount *volume)
{
	char path[64];

	if (!volume->label)
		return 0;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", volume->mount.fd);
	if (setxattr(path, "security.selinux", volume->label,
		     strlen(volume->label) + 1, 0) < 0)
		return error_call(NULL, "label %s as %s", volume->mount.target,
				  volume->label);
	return 0;
}

/*
 * What the tmpfs will hide is copied, and nothing else: the path could lead
 * elsewhere by now, to what is to be masked and not masked yet.
 */
static int oci_mount_fill(const struct oci_mount *volume, int target)
{
	CLEANUP_CLOSE int from = -1;

	if (!volume->copies_up)
		return 0;
	from = openat(target, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (from < 0)
		return error_call(NULL, "open %s, to copy it",
				  volume->mount.target);
	return oci_mount_copy_up(from, volume->mount.fd);
}

/* Of a place that was there; one that is made for it has no say. */
static int oci_mount_copy_mode(const struct oci_mount *volume, int root)
{
	CLEANUP_CLOSE int place = -1;
	struct stat status;

	if (!oci_mount_takes_mode(volume))
		return 0;
	place = path_open(root, volume->mount.target, O_PATH | O_DIRECTORY);
	if (place < 0)
		return 0; /* place_open() will make it, or say why not */
	if (fstat(place, &status) < 0 ||
	    fchmodat(volume->mount.fd, ".", status.st_mode & 07777, 0) < 0)
		return error_call(NULL, "give %s the mode of what it hides",
				  volume->mount.target);
	return 0;
}

/* For whoever the program runs as.  Nobody else sees the mount yet. */
static int oci_mount_bind_socket(const struct oci_mount *volume)
{
	int directory = volume->mount.fd;

	if (path_bind(volume->socket, directory, OCI_MOUNT_SOCKET) < 0 ||
	    fchmodat(directory, OCI_MOUNT_SOCKET, 0666, 0) < 0)
		return error_call(NULL, "make the socket %s/%s",
				  volume->mount.target, OCI_MOUNT_SOCKET);
	return 0;
}

/* What a mount that was made goes through, up to its place. */
static int oci_mount_finish(struct oci_mount *volume, int root)
{
	CLEANUP_CLOSE int target = -1;

	if (volume->socket && oci_mount_bind_socket(volume) < 0)
		return -1;
	if (oci_mount_copy_mode(volume, root) < 0)
		return -1;
	target = place_open(volume, root);
	if (target < 0 || oci_mount_fill(volume, target) < 0)
		return -1;
	volume->protects_late = !volume->copies_up &&
				volume->one.attr_set & MOUNT_ATTR_RDONLY &&
				place_is_dev(volume->mount.target) &&
				!volume->is_bind;
	if (volume->protects_late)
		volume->one.attr_set &= ~(uint64_t)MOUNT_ATTR_RDONLY;
	if (oci_mount_change(volume) < 0 || oci_mount_label(volume) < 0)
		return -1;
	return path_place(volume->mount.fd, target, volume->mount.target);
}

/* One that goes on "/" is the root from then on. */
static int oci_mount_attach(struct oci_mount *volume, int *root)
{
	int result;

	if (volume->is_remount)
		return oci_mount_remount(volume, *root);
	/* One with mapped owners, or a shared one, is bound already. */
	if (volume->is_bind && volume->inside)
		oci_mount_bind_inside(volume, *root);
	else if (volume->is_bind && volume->mount.fd < 0)
		oci_mount_bind(volume);
	else if (!volume->is_bind)
		oci_mount_create(volume);
	if (volume->mount.fd < 0)
		return -1;
	result = oci_mount_finish(volume, *root);
	volume->is_kept = kept_is_place(volume->mount.target);
	if (result == 0 && (volume->protects_late || volume->is_kept))
		return 0;
	if (result == 0 && place_is_root(volume->mount.target)) {
		close(*root);
		*root = volume->mount.fd;
		return 0;
	}
	close(volume->mount.fd);
	return result;
}

/* After devices and a console have been made.  The mount, not its path. */
int oci_mounts_protect(struct oci_mount *volumes)
{
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_RDONLY };

	for (struct oci_mount *v = volumes; v && v->mount.target; v++) {
		if (v->protects_late &&
		    mount_setattr(v->mount.fd, "", AT_EMPTY_PATH, &attr,
				  sizeof(attr)) < 0)
			return error_call(NULL, "make %s read-only",
					  v->mount.target);
		v->protects_late = false;
	}
	return 0;
}

/* In the order of config.json: later mounts may be inside of earlier ones. */
int oci_mounts_attach(struct oci_mount *volumes, int *root,
		      const struct cgroup *cg, bool has_cgroup_namespace)
{
	for (struct oci_mount *v = volumes; v && v->mount.target; v++) {
		if (v->is_cgroup ? oci_mount_cgroup(v, *root, cg,
						    has_cgroup_namespace) < 0
				 : oci_mount_attach(v, root) < 0)
			return -1;
	}
	return 0;
}
