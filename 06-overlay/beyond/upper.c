/*
 * An upper directory that is to be kept needs a work directory on the same
 * mount, made beside it: DIR.ten-steps.  It is all that a killed program can
 * leave.  The next one that gets the lock of DIR removes it.
 */
#include "06-overlay/beyond/upper.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "habits/hints.h"
#include "habits/look.h"

struct upper {
	char *upper; /* without symbolic links */
	char *above; /* the directory it is in */
	char *work;  /* the kernel's scratch directory, beside it */
	int lock;    /* the upper directory, locked */
};

static const struct hint upper_hints[] = {
	{ ENOENT, "it has to exist, so that a misspelt one is noticed: mkdir" },
	{ ENOTDIR, "give a directory" },
	{ EWOULDBLOCK, "another container writes to it: give each its own" },
	{ 0, NULL },
};

static const struct hint upper_place_hints[] = {
	{ ENOENT, hint_layer },
	{ 0, NULL },
};

/* Of the child, which in a user namespace is somebody else. */
static const struct hint upper_open_hints[] = {
	{ EACCES, "root inside, who with --userns is nobody special, has to "
		  "pass every directory of the path: chmod o+x" },
	{ EMFILE, "each layer takes a descriptor: see ulimit -n" },
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
static int upper_open_up(int dir, const char *name)
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
static int upper_remove_tree(int dir, const char *name)
{
	struct dirent *entry;
	DIR *directory;
	int fd, more, error;

	if (unlinkat(dir, name, 0) == 0 || errno == ENOENT)
		return 0;
	fd = openat(dir, name, O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 && errno == EACCES && upper_open_up(dir, name) == 0)
		fd = openat(dir, name, O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	directory = fd < 0 ? NULL : fdopendir(fd);
	if (!directory)
		return -1;
	while ((more = look_next(directory, &entry)) > 0)
		if (strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0 &&
		    upper_remove_tree(fd, entry->d_name) < 0)
			break;
	error = errno;
	closedir(directory);
	errno = error;
	return more != 0 ? -1 : unlinkat(dir, name, AT_REMOVEDIR);
}

/* The kernel takes a work directory only on the upper directory's mount. */
static int upper_check_mount(const struct upper *kept)
{
	struct statx upper, above;

	if (statx(AT_FDCWD, kept->upper, 0, STATX_MNT_ID, &upper) < 0 ||
	    statx(AT_FDCWD, kept->above, 0, STATX_MNT_ID, &above) < 0)
		return error_call(NULL, "look at %s", kept->upper);
	if (upper.stx_mnt_id == above.stx_mnt_id &&
	    upper.stx_dev_major == above.stx_dev_major &&
	    upper.stx_dev_minor == above.stx_dev_minor)
		return 0;
	return error_input("give a directory below it: beside the upper "
			   "directory the kernel needs another one on the "
			   "same filesystem",
			   "the upper directory %s is the root of a mount",
			   kept->upper);
}

/*
 * Does it hold nothing but what the kernel makes in a work directory?  1, 0,
 * or -1: what cannot be read is not taken for a directory of ours.
 */
static int upper_is_work(const char *path)
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
static int upper_remove_leftover(const char *work)
{
	int is_work = look_for(AT_FDCWD, work);

	if (is_work < 0)
		return error_call(NULL, "look for %s", work);
	if (is_work == 0)
		return 0;
	is_work = upper_is_work(work);
	if (is_work < 0)
		return -1;
	if (!is_work)
		return error_input("move it away, or take another --upper",
				   "%s is needed for a work directory, and "
				   "something else has that name",
				   work);
	if (upper_remove_tree(AT_FDCWD, work) < 0)
		return error_call(NULL, "remove a killed container's %s", work);
	error_note("removed what a killed container left: %s", work);
	return 0;
}

/*
 * Mode 0700: what is being copied up is in it for a moment, and not yet with
 * the permissions that it will have.
 */
static int upper_make_work(struct upper *kept)
{
	char *work;
	int status;

	if (asprintf(&work, "%s.ten-steps", kept->upper) < 0)
		return error_call(NULL, "keep a name");
	status = upper_remove_leftover(work);
	if (status == 0 && mkdir(work, 0700) < 0)
		status = error_call(work_hints, "make the work directory %s",
				    work);
	if (status < 0)
		free(work);
	else
		kept->work = work;
	return status;
}

/*
 * The permissions of / are those of the upper directory.  They are not
 * changed here: what containers write, set-user-ID programs too, may be meant
 * to be out of reach for the host's users.
 */
static void upper_check_mode(const struct upper *kept)
{
	struct stat status;

	if (fstat(kept->lock, &status) == 0 && !(status.st_mode & S_IXOTH))
		error_note("%s has mode %04o, and so has / inside: only its "
			   "owner and root can use it",
			   kept->upper, status.st_mode & 07777);
}

/* kept->upper without symbolic links, and kept->above, which it is in. */
static int upper_find(struct upper *kept, const char *path)
{
	char *slash;

	kept->upper = realpath(path, NULL);
	if (!kept->upper)
		return error_call(upper_hints, "find the upper directory %s",
				  path);
	kept->above = strdup(kept->upper);
	if (!kept->above)
		return error_call(NULL, "keep a name");
	slash = strrchr(kept->above, '/');
	slash[slash == kept->above] = '\0';
	return 0;
}

/*
 * The lock is the kernel's flock(2): whatever ends this program, it is gone
 * then.  The child inherits it and closes it before the command starts.
 */
int upper_claim(struct overlay *overlay)
{
	struct upper *kept;

	if (!overlay->upper)
		return 0;
	kept = calloc(1, sizeof(*kept));
	if (!kept)
		return error_call(NULL, "prepare the upper directory");
	kept->lock = -1;
	overlay->kept = kept;
	if (upper_find(kept, overlay->upper) < 0)
		return -1;
	overlay->upper = kept->upper;
	kept->lock = open(kept->upper, O_DIRECTORY | O_CLOEXEC);
	if (kept->lock < 0 || flock(kept->lock, LOCK_EX | LOCK_NB) < 0)
		return error_call(upper_hints, "claim the upper directory %s",
				  kept->upper);
	if (upper_check_mount(kept) < 0)
		return -1;
	upper_check_mode(kept);
	return upper_make_work(kept);
}

/*
 * A mount on / would not go away with the old root: pivot_root(2) puts it
 * below the new one, where "/.." leads to it.  So for a layer "/" any other
 * directory does.
 */
static char *upper_place_for_root(void)
{
	static const char *const usual[] = { "/mnt", "/media", "/srv", "/opt",
					     "/tmp" };
	char *place = NULL;

	for (size_t i = 0; !place && i < sizeof(usual) / sizeof(char *); i++)
		place = realpath(usual[i], NULL);
	return place;
}

/* The merged directory's place in the tree is that of the lowest layer. */
char *upper_place(const char *lowest_layer)
{
	char *place = realpath(lowest_layer, NULL);

	if (place && strcmp(place, "/") == 0) {
		free(place);
		place = upper_place_for_root();
	}
	if (!place)
		error_call(upper_place_hints, "find a place for the layer %s",
			   lowest_layer);
	return place;
}

int upper_open(const struct upper *kept, struct overlay_parts *parts)
{
	parts->upper = open(kept->upper, O_DIRECTORY | O_CLOEXEC);
	if (parts->upper < 0)
		return error_call(upper_open_hints,
				  "open the upper directory %s", kept->upper);
	parts->work = open(kept->work, O_DIRECTORY | O_CLOEXEC);
	if (parts->work < 0)
		return error_call(NULL, "open the work directory %s",
				  kept->work);
	return 0;
}

/* Can this process keep such an attribute in the upper directory? */
static bool upper_keeps_attribute(int work, const char *name)
{
	return fsetxattr(work, name, "", 0, 0) == 0 &&
	       fremovexattr(work, name) == 0;
}

/*
 * Overlay keeps its marks in attributes "trusted.*", which take CAP_SYS_ADMIN
 * outside of all user namespaces: EPERM.  There they are "user.*" (option
 * userxattr).  The kernel reads only one kind, so a layer in which root has
 * removed and remade a directory is not the same to an ordinary user.
 */
bool upper_wants_userxattr(int work)
{
	bool is_kept = upper_keeps_attribute(work, "trusted.overlay.test");
	bool is_users = !is_kept && errno == EPERM;

	if (is_users)
		is_kept = upper_keeps_attribute(work, "user.overlay.test");
	if (!is_kept)
		error_note("the upper directory's filesystem keeps no "
			   "attributes (tmpfs: since Linux 6.6): a directory "
			   "cannot be made again after its removal");
	return is_users;
}

/* The child inherits the lock, which ends with its last copy. */
void upper_let_go(const struct upper *kept)
{
	if (kept && kept->lock >= 0)
		close(kept->lock);
}

/*
 * The lock goes after the work directory: whoever gets it finds none.  Also
 * after an upper_claim() that failed.
 */
void upper_remove(struct overlay *overlay)
{
	struct upper *kept = overlay->kept;

	if (!kept)
		return;
	if (kept->work && upper_remove_tree(AT_FDCWD, kept->work) < 0)
		error_call(NULL, "remove the work directory %s", kept->work);
	if (kept->lock >= 0)
		close(kept->lock);
	free(kept->upper);
	free(kept->above);
	free(kept->work);
	free(kept);
	overlay->kept = NULL;
}
