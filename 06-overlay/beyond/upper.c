/*
 * The parent's side: what is made before the child, and removed after it.
 *
 * An upper directory that is to be kept needs a work directory on the same
 * mount, made beside it: DIR.ten-steps.  It is all that a killed program can
 * leave.  The next one that gets the lock of DIR removes it.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "05-cgroups/beyond/look.h"
#include "05-cgroups/beyond/owner.h"
#include "06-overlay/beyond/internal.h"

static const struct hint upper_hints[] = {
	{ ENOENT, "it has to exist, so that a misspelt one is noticed: mkdir" },
	{ ENOTDIR, "give a directory" },
	{ EWOULDBLOCK, "another container writes to it: give each its own" },
	{ 0, NULL },
};

static const struct hint upper_place_hints[] = {
	{ ENOENT, "a layer is a directory that exists; `make rootfs` makes one "
		  "in build/rootfs" },
	{ 0, NULL },
};

static const struct hint work_hints[] = {
	{ EACCES, "it is made beside the upper directory, so the directory "
		  "above must be writable" },
	{ EROFS, "it is made beside the upper directory, so the directory "
		 "above must be writable" },
	{ 0, NULL },
};

/* By a descriptor: a name could have become a link to another directory. */
static int overlay_open_up(int dir, const char *name)
{
	CLEANUP_CLOSE int fd = openat(
		dir, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return fd < 0 ? -1 : chmod(path, 0700);
}

/*
 * Remove a file, or a directory with all that is in it.  The kernel's own part
 * of a work directory has mode 0, which stops everybody but root.
 */
static int overlay_remove_tree(int dir, const char *name)
{
	struct dirent *entry;
	DIR *directory;
	int fd, more, error;

	if (unlinkat(dir, name, 0) == 0 || errno == ENOENT)
		return 0;
	fd = openat(dir, name, O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 && errno == EACCES && overlay_open_up(dir, name) == 0)
		fd = openat(dir, name, O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	directory = fd < 0 ? NULL : fdopendir(fd);
	if (!directory)
		return -1;
	while ((more = look_next(directory, &entry)) > 0)
		if (strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0 &&
		    overlay_remove_tree(fd, entry->d_name) < 0)
			break;
	error = errno;
	closedir(directory);
	errno = error;
	return more != 0 ? -1 : unlinkat(dir, name, AT_REMOVEDIR);
}

/* The kernel takes a work directory only on the upper directory's mount. */
static int overlay_check_mount(const struct overlay_state *state)
{
	struct statx upper, above;

	if (statx(AT_FDCWD, state->upper, 0, STATX_MNT_ID, &upper) < 0 ||
	    statx(AT_FDCWD, state->above, 0, STATX_MNT_ID, &above) < 0)
		return error_call(NULL, "look at %s", state->upper);
	if (upper.stx_mnt_id == above.stx_mnt_id &&
	    upper.stx_dev_major == above.stx_dev_major &&
	    upper.stx_dev_minor == above.stx_dev_minor)
		return 0;
	return error_input("give a directory below it: beside the upper "
			   "directory the kernel needs another one on the "
			   "same filesystem",
			   "the upper directory %s is the root of a mount",
			   state->upper);
}

/*
 * Does it hold nothing but what the kernel makes in a work directory?  1, 0,
 * or -1: what cannot be read is not taken for a directory of ours.
 */
static int overlay_is_work(const char *path)
{
	DIR *directory;
	int more = look_list(AT_FDCWD, path, &directory);
	struct dirent *entry;
	bool is_work = directory != NULL;

	if (more < 0 && errno == ENOTDIR)
		return 0;
	while (is_work && (more = look_next(directory, &entry)) > 0)
		is_work = strcmp(entry->d_name, ".") == 0 ||
			  strcmp(entry->d_name, "..") == 0 ||
			  strcmp(entry->d_name, "work") == 0 ||
			  strcmp(entry->d_name, "index") == 0;
	if (directory)
		closedir(directory);
	return more < 0 ? error_call(NULL, "read the directory %s", path)
			: is_work;
}

/* We have the lock of the upper directory: what is there is a dead one's. */
static int overlay_remove_leftover(const char *work)
{
	int is_work = look_for(AT_FDCWD, work);

	if (is_work < 0)
		return error_call(NULL, "look for %s", work);
	if (is_work == 0)
		return 0;
	is_work = overlay_is_work(work);
	if (is_work < 0)
		return -1;
	if (!is_work)
		return error_input("move it away, or take another --upper",
				   "%s is needed for a work directory, and "
				   "something else has that name",
				   work);
	if (overlay_remove_tree(AT_FDCWD, work) < 0)
		return error_call(NULL, "remove a killed container's %s", work);
	error_note("removed what a killed container left: %s", work);
	return 0;
}

/*
 * Mode 0700: what is being copied up is in it for a moment, and not yet with
 * the permissions that it will have.
 */
static int overlay_make_work(struct overlay_state *state)
{
	char *work;
	int status;

	if (asprintf(&work, "%s.ten-steps", state->upper) < 0)
		return error_call(NULL, "keep a name");
	status = overlay_remove_leftover(work);
	if (status == 0 && mkdir(work, 0700) < 0)
		status = error_call(work_hints, "make the work directory %s",
				    work);
	if (status < 0)
		free(work);
	else
		state->work = work;
	return status;
}

/*
 * The permissions of / are those of the upper directory.  They are not
 * changed here: what containers write, set-user-ID programs too, may be meant
 * to be out of reach for the host's users.
 */
static void overlay_check_mode(const struct overlay_state *state)
{
	struct stat status;

	if (fstat(state->lock, &status) == 0 && !(status.st_mode & S_IXOTH))
		error_note("%s has mode %04o, and so has / inside: only its "
			   "owner and root can use it",
			   state->upper, status.st_mode & 07777);
}

/*
 * The lock is the kernel's flock(2): whatever ends this program, it is gone
 * then.  The child inherits it and closes it before the command starts.
 */
static int overlay_claim_upper(struct overlay *overlay)
{
	struct overlay_state *state = overlay->state;
	char *slash;

	state->upper = realpath(overlay->upper, NULL);
	if (!state->upper)
		return error_call(upper_hints, "find the upper directory %s",
				  overlay->upper);
	overlay->upper = state->upper;
	state->above = strdup(state->upper);
	if (!state->above)
		return error_call(NULL, "keep a name");
	slash = strrchr(state->above, '/');
	slash[slash == state->above] = '\0';
	state->lock = open(state->upper, O_DIRECTORY | O_CLOEXEC);
	if (state->lock < 0 || flock(state->lock, LOCK_EX | LOCK_NB) < 0)
		return error_call(upper_hints, "claim the upper directory %s",
				  state->upper);
	if (overlay_check_mount(state) < 0)
		return -1;
	overlay_check_mode(state);
	return overlay_make_work(state);
}

/*
 * Before the command, as a shell does it with ">": a misspelt path must not
 * cost the work of hours.
 */
static int overlay_open_tar(const struct overlay *overlay)
{
	if (!overlay->commit)
		return 0;
	overlay->state->tar = owner_open_output(overlay->commit, 0, 0666);
	if (overlay->state->tar < 0)
		return error_call(owner_output_hints, "open %s for the layer",
				  overlay->commit);
	return 0;
}

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
 * A mount on / would not go away with the old root: pivot_root(2) puts it
 * below the new one, where "/.." leads to it.  So for a layer "/" any other
 * directory does.
 */
static char *overlay_place_for_root(void)
{
	static const char *const usual[] = { "/mnt", "/media", "/srv", "/opt",
					     "/tmp" };
	char *place = NULL;

	for (size_t i = 0; !place && i < sizeof(usual) / sizeof(char *); i++)
		place = realpath(usual[i], NULL);
	return place;
}

/* The merged directory's place in the tree is that of the lowest layer. */
static int overlay_choose_place(const struct overlay *overlay)
{
	char *place = realpath(overlay->layers[0], NULL);

	if (place && strcmp(place, "/") == 0) {
		free(place);
		place = overlay_place_for_root();
	}
	if (!place)
		return error_call(upper_place_hints,
				  "find a place for the layer %s",
				  overlay->layers[0]);
	overlay->state->place = place;
	return 0;
}

/* The socket pair is made before the child, which inherits one end of it. */
static int overlay_make_state(struct overlay *overlay)
{
	struct overlay_state *state = calloc(1, sizeof(*state));

	if (!state)
		return error_call(NULL, "prepare the layers");
	*state = (struct overlay_state){ .lock = -1, .tar = -1 };
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0,
		       state->sockets) < 0) {
		free(state);
		return error_call(NULL, "create a socket pair");
	}
	overlay->state = state;
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
	if (overlay_add_rootfs(overlay, rootfs) < 0 ||
	    overlay_make_state(overlay) < 0 ||
	    overlay_choose_place(overlay) < 0)
		return -1;
	rootfs->path = overlay->state->place;
	if (overlay_open_tar(overlay) < 0)
		return -1;
	return overlay->upper ? overlay_claim_upper(overlay) : 0;
}

/* No tar archive is empty, so this one was never written: no container. */
static void overlay_remove_empty_tar(const struct overlay *overlay)
{
	struct stat status;

	if (overlay->state->tar >= 0 &&
	    fstat(overlay->state->tar, &status) == 0 &&
	    S_ISREG(status.st_mode) && status.st_size == 0)
		unlink(overlay->commit);
}

/*
 * In reverse order.  The lock goes after the work directory: whoever gets it
 * finds none.  May be called again, and after an overlay_prepare() that
 * failed.
 */
void overlay_remove(struct overlay *overlay)
{
	struct overlay_state *state = overlay->state;

	if (!state)
		return;
	overlay_remove_empty_tar(overlay);
	if (state->work && overlay_remove_tree(AT_FDCWD, state->work) < 0)
		error_call(NULL, "remove the work directory %s", state->work);
	if (state->lock >= 0)
		close(state->lock);
	if (state->tar >= 0)
		close(state->tar);
	close(state->sockets[0]);
	close(state->sockets[1]);
	free(state->place);
	free(state->upper);
	free(state->above);
	free(state->work);
	free(state);
	overlay->state = NULL;
}
