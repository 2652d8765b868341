/*
 * The child's side: mount(2) the layers and the upper directory as one.
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
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "03-mount/mounts.h"
#include "03-mount/syscalls.h"
#include "06-overlay/beyond/internal.h"

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
		{ .target = overlay->state->place,
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
 * With --upper the two directories are there already: the parent has made and
 * locked them.  Without it they are made here, on a tmpfs.
 */
static int overlay_open_upper(const struct overlay *overlay,
			      struct overlay_parts *parts)
{
	const struct overlay_state *state = overlay->state;

	if (!state->upper)
		return overlay_make_upper(overlay, parts);
	parts->upper = open(state->upper, O_DIRECTORY | O_CLOEXEC);
	if (parts->upper < 0)
		return error_call(layer_hints, "open the upper directory %s",
				  state->upper);
	parts->work = open(state->work, O_DIRECTORY | O_CLOEXEC);
	if (parts->work < 0)
		return error_call(NULL, "open the work directory %s",
				  state->work);
	return 0;
}

/* Can this process keep such an attribute in the upper directory? */
static bool overlay_keeps_attribute(const struct overlay_parts *parts,
				    const char *name)
{
	return fsetxattr(parts->work, name, "", 0, 0) == 0 &&
	       fremovexattr(parts->work, name) == 0;
}

/*
 * Overlay keeps its marks in attributes "trusted.*", which take CAP_SYS_ADMIN
 * outside of all user namespaces: EPERM.  There they are "user.*" (option
 * userxattr).  The kernel reads only one kind, so a layer in which root has
 * removed and remade a directory is not the same to an ordinary user.
 */
static void overlay_choose_attributes(struct overlay_parts *parts)
{
	bool is_kept = overlay_keeps_attribute(parts, "trusted.overlay.test");

	if (!is_kept && errno == EPERM) {
		parts->is_userxattr = true;
		is_kept = overlay_keeps_attribute(parts, "user.overlay.test");
	}
	if (!is_kept)
		error_note("the upper directory's filesystem keeps no "
			   "attributes (tmpfs: since Linux 6.6): a directory "
			   "cannot be made again after its removal");
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
 * One mount(2), from /proc/self/fd, and back: other paths of the user may be
 * relative to where the program was started.
 */
static int overlay_mount(const struct overlay *overlay,
			 const struct overlay_parts *parts, const char *others)
{
	CLEANUP_FREE char *options = overlay_list_options(parts, others);
	CLEANUP_CLOSE int here = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int status;

	if (!options)
		return error_call(NULL, "list the layers in one page");
	if (chdir("/proc/self/fd") < 0)
		return error_call(proc_hints, "go to /proc/self/fd");
	status = mount("overlay", overlay->state->place, "overlay", 0, options);
	if (status < 0)
		overlay_complain(overlay, parts);
	if (fchdir(here) < 0)
		return error_call(NULL, "go back to the working directory");
	return status;
}

/*
 * What is below the upper directory.  Overlay does not take a single layer
 * alone; a copy of its mount is the same, without what is mounted below it.
 */
static int overlay_open_below(const struct overlay *overlay,
			      const struct overlay_parts *parts)
{
	const char *options = parts->is_userxattr ? "userxattr" : "index=off";
	int fd;

	if (parts->count > 1) {
		if (overlay_mount(overlay, parts, options) < 0)
			return -1;
		fd = open(overlay->state->place, O_DIRECTORY | O_CLOEXEC);
	} else {
		fd = open_tree(parts->layers[0], "",
			       AT_EMPTY_PATH | OPEN_TREE_CLONE |
				       OPEN_TREE_CLOEXEC);
	}
	return fd < 0 ? overlay_complain(overlay, parts) : fd;
}

/*
 * To tell what changed, the parent needs the upper directory and what is below
 * it, which it cannot see: they are in our mount table, and end with us.
 */
static int overlay_give_away(const struct overlay *overlay,
			     const struct overlay_parts *parts)
{
	CLEANUP_CLOSE int userns = open("/proc/self/ns/user", O_CLOEXEC);
	CLEANUP_CLOSE int below = overlay_open_below(overlay, parts);
	struct overlay_handed handed = {
		.upper = parts->upper,
		.below = below,
		.userns = userns,
		.uid = geteuid(),
		.gid = getegid(),
		.is_userxattr = parts->is_userxattr,
	};

	if (below < 0)
		return -1;
	return overlay_hand_over(overlay->state->sockets[1], &handed);
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

/*
 * The parent's copy of what is below is only needed for a report; without one
 * the second mount is spared.
 */
static int overlay_mount_all(const struct overlay *overlay,
			     struct overlay_parts *parts)
{
	if (overlay_open_layers(overlay, parts) < 0 ||
	    overlay_open_upper(overlay, parts) < 0)
		return -1;
	overlay_choose_attributes(parts);
	if ((overlay->diff || overlay->commit) &&
	    overlay_give_away(overlay, parts) < 0)
		return -1;
	return overlay_mount_merged(overlay, parts);
}

/*
 * O_CLOEXEC does not do it: with --init process 1 never execs, and through
 * /proc/1/fd a directory of the host would be open to all inside.
 */
static void overlay_let_go(const struct overlay_state *state,
			   struct overlay_parts *parts)
{
	const int open_fds[] = { parts->upper,      parts->work,
				 state->lock,       state->tar,
				 state->sockets[0], state->sockets[1] };

	for (size_t i = 0; i < sizeof(open_fds) / sizeof(int); i++)
		if (open_fds[i] >= 0)
			close(open_fds[i]);
	while (parts->count > 0)
		close(parts->layers[--parts->count]);
}

/*
 * All descriptors are closed again, after success as well: the mount holds
 * what it needs.
 */
int overlay_setup(const struct overlay *overlay)
{
	struct overlay_parts parts = { .upper = -1, .work = -1 };
	int status;

	if (!overlay->state)
		return 0;
	status = overlay_mount_all(overlay, &parts);
	overlay_let_go(overlay->state, &parts);
	return status;
}
