/*
 * Copy a directory of the image into a tmpfs that is about to cover it
 * (tmpcopyup).
 *
 * The image is not trusted and may change while it is copied.  So each step
 * goes from an open directory to one name in it, never along a path, and no
 * symbolic link is followed: one that is found is made again as a link.
 */
#include "10-full-container/root/oci_mounts_inside.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "habits/look.h"
#include "habits/whole.h"

#define COPY_LEVELS 64 /* directories within directories */

static int copy_directory(int from, int to, int level);

static int copy_bytes(int in, int out)
{
	char block[65536];
	ssize_t length;

	while ((length = read(in, block, sizeof(block))) > 0)
		if (whole_write(out, block, (size_t)length) < 0)
			return -1;
	return length < 0 ? -1 : 0;
}

/*
 * What it was when it was opened: a name may have become another file since it
 * was looked at, and that one's contents must not get these rights.  First the
 * owner: chown(2) takes set-user-ID and set-group-ID bits away.
 */
static int copy_rights(int in, int out)
{
	struct stat status;

	if (fstat(in, &status) < 0 ||
	    fchown(out, status.st_uid, status.st_gid) < 0)
		return -1;
	return fchmod(out, status.st_mode & 07777);
}

/*
 * O_NONBLOCK: the name may have become a pipe since it was looked at, and to
 * open one waits for a writer.
 */
static int copy_file(int from, int to, const char *name)
{
	CLEANUP_CLOSE int in = openat(
		from, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	CLEANUP_CLOSE int out =
		openat(to, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	return in < 0 || out < 0 || copy_bytes(in, out) < 0
		       ? -1
		       : copy_rights(in, out);
}

static int copy_link(int from, int to, const char *name)
{
	char target[PATH_MAX];
	ssize_t length = readlinkat(from, name, target, sizeof(target) - 1);

	if (length < 0)
		return -1;
	target[length] = '\0';
	return symlinkat(target, to, name);
}

/* What is mounted there, as /proc below "/", is not the image's. */
static bool copy_is_mount(int from, int in)
{
	struct stat above, below;

	return fstat(from, &above) == 0 && fstat(in, &below) == 0 &&
	       above.st_dev != below.st_dev;
}

static int copy_below(int from, int to, const char *name, int level)
{
	CLEANUP_CLOSE int in = -1, out = -1;

	if (mkdirat(to, name, 0700) == 0)
		in = openat(from, name,
			    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (in >= 0)
		out = openat(to, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (out >= 0 && !copy_is_mount(from, in) &&
	    copy_directory(in, out, level + 1) < 0)
		return -1;
	if (out < 0 || copy_rights(in, out) < 0)
		return error_call(NULL, "copy %s to the tmpfs", name);
	return 0;
}

/* Devices and sockets stay behind. */
static int copy_one(int from, int to, const char *name, int level)
{
	struct stat status;
	int result = 0;

	if (fstatat(from, name, &status, AT_SYMLINK_NOFOLLOW) < 0)
		return error_call(NULL, "copy %s to the tmpfs", name);
	if (S_ISDIR(status.st_mode))
		return copy_below(from, to, name, level);
	if (S_ISREG(status.st_mode))
		result = copy_file(from, to, name);
	if (S_ISLNK(status.st_mode) &&
	    (copy_link(from, to, name) < 0 ||
	     fchownat(to, name, status.st_uid, status.st_gid,
		      AT_SYMLINK_NOFOLLOW) < 0))
		result = -1;
	return result < 0 ? error_call(NULL, "copy %s to the tmpfs", name) : 0;
}

/* A limit on the levels, since each takes two descriptors, and the stack. */
static int copy_directory(int from, int to, int level)
{
	DIR *list = fdopendir(dup(from));
	struct dirent *entry;
	int result = 0, more = 1;

	if (!list)
		return error_call(NULL, "read a directory, to copy it");
	if (level == COPY_LEVELS)
		result = error_input(NULL,
				     "copy to the tmpfs: more than %d "
				     "levels of directories",
				     COPY_LEVELS);
	while (result == 0 && (more = look_next(list, &entry)) > 0)
		if (strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0)
			result = copy_one(from, to, entry->d_name, level);
	if (more < 0)
		result = error_call(NULL, "read a directory, to copy it");
	closedir(list);
	return result;
}

int oci_mount_copy_up(int from, int to)
{
	return copy_directory(from, to, 0);
}
