/*
 * mount(2) the layers and the upper directory as one.
 *
 *     lowerdir=9:8:7     the layers, topmost first
 *     upperdir=10        takes all changes
 *     workdir=11         where the kernel prepares a file before it appears
 *                        in upperdir, by a rename: at once and as a whole
 *
 * The directories are given as descriptors.  All is opened before anything is
 * mounted, because what is mounted covers a directory of the host.
 */
#include "06-overlay/overlay.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "03-mount/mounts.h"
#include "06-overlay/beyond/report.h"
#include "06-overlay/beyond/upper.h"
#include "06-overlay/beyond/why.h"
#include "06-overlay/parts.h"

#define OPTIONS_MAX_LENGTH 4096 /* a page: mount(2) reads no more */

static const struct hint layer_hints[] = {
	{ ENOENT, "a layer is a directory that exists" },
	{ ENOTDIR, "a layer is a directory; a tar archive must be unpacked" },
	{ EACCES, "root inside, who with --userns is nobody special, has to "
		  "pass every directory of the path: chmod o+x" },
	{ EMFILE, "each layer takes a descriptor: see ulimit -n" },
	{ 0, NULL },
};

static const struct hint proc_hints[] = {
	{ ENOENT, "it takes a /proc here: mount -t proc proc /proc" },
	{ 0, NULL },
};

/* The root directory of stage 04, if one is given, is below all layers. */
static int overlay_add_rootfs(struct overlay *overlay,
			      const struct rootfs *rootfs)
{
	int count = 0;

	while (overlay->layers[count])
		count++;
	if (rootfs->path && count == OVERLAY_LAYERS_MAX)
		return error_input(NULL,
				   "with --rootfs these are more layers than "
				   "the %d that the kernel takes",
				   OVERLAY_LAYERS_MAX);
	if (rootfs->path) {
		memmove(overlay->layers + 1, overlay->layers,
			(size_t)count * sizeof(overlay->layers[0]));
		overlay->layers[0] = rootfs->path;
	}
	if (!overlay->layers[0])
		return error_input("give the root file system as --layer DIR",
				   "there is no layer to change");
	return 0;
}

/*
 * From here on `rootfs` names the merged directory, and stage 04's code enters
 * it without knowing that it is one.
 */
int overlay_prepare(struct overlay *overlay, struct rootfs *rootfs)
{
	if (!overlay->layers[0] && !overlay->upper && !overlay->diff &&
	    !overlay->commit)
		return 0;
	if (overlay_add_rootfs(overlay, rootfs) < 0)
		return -1;
	overlay->place = upper_place(overlay->layers[0]);
	if (!overlay->place)
		return -1;
	rootfs->path = overlay->place;
	return report_prepare(overlay) < 0 ? -1 : upper_claim(overlay);
}

/*
 * In the child, not in the parent: the kernel takes layers only from the
 * mount table of the process that mounts.
 */
static int overlay_open_layers(const struct overlay *overlay,
			       struct overlay_parts *parts)
{
	for (const char *const *path = overlay->layers; *path; path++) {
		int fd = open(*path, O_PATH | O_DIRECTORY | O_CLOEXEC);

		if (fd < 0)
			return error_call(layer_hints, "open the layer %s",
					  *path);
		parts->layers[parts->count++] = fd;
	}
	return 0;
}

/*
 * The root of the merged directory is the upper directory's root, so this
 * one gets the owner and the mode that the topmost layer's root has.
 */
static int overlay_make_directories(int tmpfs, struct overlay_parts *parts)
{
	struct stat top = { .st_mode = 0755 };

	fstat(parts->layers[parts->count - 1], &top);
	if (mkdirat(tmpfs, "upper", 0700) < 0 ||
	    mkdirat(tmpfs, "work", 0700) < 0)
		return error_call(NULL, "make the upper directory");
	parts->upper = openat(tmpfs, "upper", O_DIRECTORY | O_CLOEXEC);
	parts->work = openat(tmpfs, "work", O_DIRECTORY | O_CLOEXEC);
	if (fchown(parts->upper, top.st_uid, top.st_gid) < 0 &&
	    errno != EINVAL) /* an owner that this user namespace has not */
		return error_call(NULL, "give / its owner");
	if (fchmod(parts->upper, top.st_mode & 07777) < 0)
		return error_call(NULL, "give / its permissions");
	return 0;
}

/*
 * The default: a tmpfs, which is gone when the last descriptor of it is.  To
 * be used by overlay it must have a place in the tree; it covers a directory
 * of the host, in this mount table only.  What is written to it is memory, and
 * counts for the container's cgroup.
 */
static int overlay_make_upper(const struct overlay *overlay,
			      struct overlay_parts *parts)
{
	struct mount place[] = {
		{ .target = overlay->place,
		  .type = "tmpfs",
		  .data = "mode=700" },
		{ 0 },
	};

	if (mounts_open(place) < 0 ||
	    overlay_make_directories(place[0].fd, parts) < 0)
		return -1;
	return mounts_attach(place, false);
}

/*
 * All options of mount(2) together must fit in a page, so that long paths
 * allow for few layers; and ":" and "," in a path must be escaped.  With
 * /proc/self/fd as the working directory a descriptor's number is a path.
 * (fsconfig(2) takes layers one by one, but only since Linux 6.7.)
 */
static char *overlay_list_options(const struct overlay_parts *parts,
				  const char *others)
{
	size_t length = 0;
	char *options = NULL;
	FILE *list = open_memstream(&options, &length);

	if (!list)
		return NULL;
	fprintf(list, "%s,lowerdir=", others);
	for (int i = parts->count - 1; i >= 0; i--) /* topmost first */
		fprintf(list, "%d%s", parts->layers[i], i ? ":" : "");
	if (fclose(list) == 0 && length < OPTIONS_MAX_LENGTH)
		return options;
	free(options);
	errno = E2BIG;
	return NULL;
}

/*
 * From /proc/self/fd, and back: other paths of the user may be relative to
 * where the program was started.
 */
int overlay_mount(const struct overlay *overlay,
		  const struct overlay_parts *parts, const char *others)
{
	CLEANUP_FREE char *options = overlay_list_options(parts, others);
	CLEANUP_CLOSE int here = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int status;

	if (!options)
		return error_call(NULL, "list the layers in one page");
	if (chdir("/proc/self/fd") < 0)
		return error_call(proc_hints, "go to /proc/self/fd");
	status = mount("overlay", overlay->place, "overlay", 0, options);
	if (status < 0)
		why_not_mounted(overlay, parts);
	if (fchdir(here) < 0)
		return error_call(NULL, "go back to the working directory");
	return status;
}

/*
 * Three features would make the upper directory more than a list of changes,
 * and no layer for anybody else: index (hard links), metacopy (a new mode
 * without the file's content), redirect_dir (a renamed directory without what
 * is in it).  With "userxattr" they are off anyway.
 */
static int overlay_mount_merged(const struct overlay *overlay,
				const struct overlay_parts *parts)
{
	char options[128];

	snprintf(options, sizeof(options), "upperdir=%d,workdir=%d,%s",
		 parts->upper, parts->work,
		 parts->is_userxattr
			 ? "userxattr"
			 : "index=off,metacopy=off,redirect_dir=nofollow");
	return overlay_mount(overlay, parts, options);
}

/* The report needs what is below, too, and cannot see it from the parent. */
static int overlay_mount_all(const struct overlay *overlay,
			     struct overlay_parts *parts)
{
	int upper;

	if (overlay_open_layers(overlay, parts) < 0)
		return -1;
	upper = overlay->kept ? upper_open(overlay->kept, parts)
			      : overlay_make_upper(overlay, parts);
	if (upper < 0)
		return -1;
	parts->is_userxattr = upper_wants_userxattr(parts->work);
	if (overlay->report && report_hand_over(overlay, parts) < 0)
		return -1;
	return overlay_mount_merged(overlay, parts);
}

/*
 * O_CLOEXEC does not do it: with --init process 1 never execs, and through
 * /proc/1/fd a directory of the host would be open to all inside.
 */
static void overlay_let_go(const struct overlay *overlay,
			   struct overlay_parts *parts)
{
	if (parts->upper >= 0)
		close(parts->upper);
	if (parts->work >= 0)
		close(parts->work);
	while (parts->count > 0)
		close(parts->layers[--parts->count]);
	upper_let_go(overlay->kept);
	report_let_go(overlay->report);
}

/*
 * All descriptors are closed again, after success as well: the mount holds
 * what it needs.
 */
int overlay_setup(const struct overlay *overlay)
{
	struct overlay_parts parts = { .upper = -1, .work = -1 };
	int status;

	if (!overlay->place)
		return 0;
	status = overlay_mount_all(overlay, &parts);
	overlay_let_go(overlay, &parts);
	return status;
}

int overlay_report(const struct overlay *overlay)
{
	return overlay->report ? report_tell(overlay) : 0;
}

void overlay_remove(struct overlay *overlay)
{
	report_remove(overlay);
	upper_remove(overlay);
	free(overlay->place);
	overlay->place = NULL;
}
