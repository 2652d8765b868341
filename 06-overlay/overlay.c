#include "06-overlay/overlay.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "01-uts/cleanup.h"
#include "01-uts/error.h"
#include "06-overlay/internal.h"

static const struct hint layer_hints[] = {
	{ ENOENT, "a layer is a directory; `make rootfs` makes one in "
		  "build/rootfs" },
	{ ENOTDIR, "a layer is a directory: unpack the archive first" },
	{ 0, NULL },
};

static const struct hint mount_hints[] = {
	{ ENODEV, "this kernel has no overlay: modprobe overlay" },
	{ EPERM, "overlay in a user namespace needs Linux 5.11" },
	{ EINVAL, "the upper directory must be on a filesystem with extended "
		  "attributes, not itself an overlay; dmesg has the reason" },
	{ ESTALE, "the upper directory was used with other layers before: "
		  "take an empty one" },
	{ ELOOP, "a layer is inside of another layer" },
	{ 0, NULL },
};

/* Open a layer, or the upper directory.  Returns a descriptor or -1. */
static int overlay_open(const char *what, const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return error_call(layer_hints, "open the %s %s", what, path);
	return fd;
}

/* Two containers that write to one upper directory would corrupt it. */
static int overlay_lock_upper(struct overlay *overlay)
{
	overlay->lock = overlay_open("upper directory", overlay->upper);
	if (overlay->lock < 0)
		return -1;
	/* Without "/" at its end, and no longer relative; never freed. */
	overlay->upper = realpath(overlay->upper, NULL);
	if (!overlay->upper)
		return error_call(NULL, "find the upper directory");
	if (flock(overlay->lock, LOCK_EX | LOCK_NB) < 0)
		return error_input(
			"give every container its own, or wait",
			"the upper directory %s is in use by another "
			"container",
			overlay->upper);
	return 0;
}

static int overlay_check_options(const struct overlay *overlay,
				 const struct rootfs *rootfs)
{
	bool others = overlay->upper || overlay->diff || overlay->commit;

	if (!overlay->layers[0] && others)
		return error_input("add --layer DIR",
				   "options --upper, --diff and --commit speak "
				   "of a container made of layers");
	if (overlay->layers[0] && rootfs->path)
		return error_input("leave --rootfs out, or give the directory "
				   "as the lowest --layer",
				   "options --layer and --rootfs exclude each "
				   "other");
	if (overlay->upper && overlay->commit)
		return error_input("use the directory as another --layer",
				   "option --commit needs the temporary upper "
				   "directory: %s is kept anyway",
				   overlay->upper);
	return 0;
}

int overlay_prepare(struct overlay *overlay, struct rootfs *rootfs)
{
	overlay->lock = overlay->channel[0] = overlay->channel[1] = -1;
	if (overlay_check_options(overlay, rootfs) < 0)
		return -1;
	if (!overlay->layers[0])
		return 0;
	for (const char **layer = overlay->layers; *layer; layer++) {
		CLEANUP_CLOSE int fd = overlay_open("layer", *layer);

		if (fd < 0)
			return -1;
	}
	if (overlay->upper && overlay_lock_upper(overlay) < 0)
		return -1;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0,
		       overlay->channel) < 0)
		return error_call(NULL, "create a socket pair for --diff");
	snprintf(overlay->root, sizeof(overlay->root), "%s/merged",
		 overlay->layers[0]);
	rootfs->path = overlay->root;
	return 0;
}

/*
 * The option lowerdir wants the topmost layer first.  Descriptors instead of
 * names: they are short, may contain no ':' or ',', and still mean the same
 * directory when a tmpfs covers it.
 */
static int overlay_lower_option(const struct overlay *overlay, char *option,
				size_t room)
{
	size_t count = 0, used;
	int fd;

	while (overlay->layers[count])
		count++;
	used = (size_t)snprintf(option, room, "lowerdir=");
	while (count-- > 0) {
		fd = overlay_open("layer", overlay->layers[count]);
		if (fd < 0)
			return -1;
		used += (size_t)snprintf(option + used, room - used,
					 "/proc/self/fd/%d%s", fd,
					 count > 0 ? ":" : "");
	}
	return 0;
}

/*
 * The scratch filesystem is mounted over the lowest layer's directory.  Only
 * this mount namespace sees that, so that nothing needs to be made on the
 * host, and it is gone with the container.
 */
static int overlay_make_scratch(const struct overlay *overlay)
{
	const char *place = overlay->layers[0];
	CLEANUP_CLOSE int dir = -1;

	if (mount("tmpfs", place, "tmpfs", 0, "mode=755") < 0)
		return error_call(NULL,
				  "mount a tmpfs over %s, for this "
				  "container only",
				  place);
	dir = overlay_open("scratch directory", place);
	if (dir < 0 || mkdirat(dir, "merged", 0755) < 0 ||
	    mkdirat(dir, "upper", 0755) < 0 || mkdirat(dir, "work", 0755) < 0)
		return error_call(NULL, "make the directories of the overlay");
	return 0;
}

/* Let the parent look into the upper directory when this process is gone. */
static int overlay_send(const struct overlay *overlay, const char *upper)
{
	CLEANUP_CLOSE int fd = overlay_open("upper directory", upper);
	char byte = 0;
	union {
		char room[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = { { 0 } };
	struct iovec data = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr message = { .msg_iov = &data,
				  .msg_iovlen = 1,
				  .msg_control = control.room,
				  .msg_controllen = sizeof(control.room) };
	struct cmsghdr *part = CMSG_FIRSTHDR(&message);

	if (fd < 0)
		return -1;
	part->cmsg_level = SOL_SOCKET;
	part->cmsg_type = SCM_RIGHTS;
	part->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(part), &fd, sizeof(fd));
	if (sendmsg(overlay->channel[1], &message, MSG_NOSIGNAL) < 0)
		return error_call(NULL, "pass the upper directory on");
	return 0;
}

/* The directory for overlayfs's own use must be beside the upper one. */
static int overlay_make_work(const struct overlay *overlay, char *work,
			     size_t room)
{
	snprintf(work, room, "%s.work", overlay->upper);
	if (mkdir(work, 0700) < 0 && errno != EEXIST)
		return error_call(NULL, "make the work directory %s", work);
	return 0;
}

int overlay_setup(struct overlay *overlay, bool in_user_namespace)
{
	char lower[OVERLAY_LAYERS * 20], upper[PATH_MAX], work[PATH_MAX];
	char options[sizeof(lower) + 2 * PATH_MAX + 80];
	const char *place = overlay->layers[0];

	if (!place)
		return 0;
	if (overlay_lower_option(overlay, lower, sizeof(lower)) < 0)
		return -1;
	if (overlay->upper &&
	    overlay_make_work(overlay, work, sizeof(work)) < 0)
		return -1;
	if (overlay_make_scratch(overlay) < 0)
		return -1;
	snprintf(upper, sizeof(upper), "%s/upper", place);
	if (overlay->upper)
		snprintf(upper, sizeof(upper), "%s", overlay->upper);
	else
		snprintf(work, sizeof(work), "%s/work", place);
	snprintf(options, sizeof(options), "%s,upperdir=%s,workdir=%s%s", lower,
		 upper, work, in_user_namespace ? ",userxattr" : "");
	if (mount("overlay", overlay->root, "overlay", 0, options) < 0)
		return error_call(mount_hints, "mount the layers of %s", place);
	return overlay_send(overlay, upper);
}

static int overlay_receive(const struct overlay *overlay)
{
	union {
		char room[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control;
	char byte;
	struct iovec data = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr message = { .msg_iov = &data,
				  .msg_iovlen = 1,
				  .msg_control = control.room,
				  .msg_controllen = sizeof(control.room) };
	struct cmsghdr *part;
	int fd = -1;

	if (recvmsg(overlay->channel[0], &message,
		    MSG_DONTWAIT | MSG_CMSG_CLOEXEC) != 1)
		return -1;
	part = CMSG_FIRSTHDR(&message);
	if (part && part->cmsg_type == SCM_RIGHTS)
		memcpy(&fd, CMSG_DATA(part), sizeof(fd));
	return fd;
}

int overlay_report(struct overlay *overlay)
{
	CLEANUP_CLOSE int upper = -1;

	if (!overlay->diff && !overlay->commit)
		return 0;
	upper = overlay_receive(overlay);
	if (upper < 0)
		return 0; /* the container never came so far, and said why */
	if (overlay->diff && overlay_diff(overlay, upper) < 0)
		return -1;
	return overlay->commit ? overlay_commit(overlay, upper) : 0;
}

/* overlayfs leaves a directory without any permission, and whiteouts in it. */
static void overlay_empty_work(const char *path)
{
	struct dirent *entry;
	DIR *dir;

	chmod(path, 0700);
	dir = opendir(path);
	if (!dir)
		return;
	while ((entry = readdir(dir)) != NULL)
		unlinkat(dirfd(dir), entry->d_name, 0);
	closedir(dir);
	rmdir(path);
}

static void overlay_remove_work(const struct overlay *overlay)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s.work/work", overlay->upper);
	overlay_empty_work(path);
	*strrchr(path, '/') = '\0';
	if (rmdir(path) < 0 && errno != ENOENT)
		error_call(NULL, "remove the work directory %s", path);
}

void overlay_remove(struct overlay *overlay)
{
	for (int i = 0; i < 2; i++) {
		if (overlay->channel[i] >= 0)
			close(overlay->channel[i]);
		overlay->channel[i] = -1;
	}
	if (overlay->lock < 0)
		return;
	overlay_remove_work(overlay);
	close(overlay->lock);
	overlay->lock = -1;
}
