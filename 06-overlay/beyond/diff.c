/*
 * Walk through the upper directory and look each thing up in what is below.
 *
 * The upper directory alone does not tell added from changed: both are files
 * in it.  And the container may have filled it with links that lead
 * anywhere, so no path is followed that has one in it.
 */
#include "06-overlay/beyond/diff.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "habits/look.h"

/* What the comparison has in hand. */
struct comparison {
	struct changes *changes;
	int upper, below;
	const char *opaque_attribute;
	bool hides; /* the upper directory whose names are looked at: below */
};

/*
 * The mark for a deleted name.  No driver has the number 0, 0, so that the
 * node cannot be opened by mistake. mknod(2) makes one without CAP_MKNOD
 * (Linux 5.8).
 */
static bool diff_is_whiteout(const struct stat *status)
{
	return S_ISCHR(status->st_mode) && status->st_rdev == makedev(0, 0);
}

/* Append one change.  NULL without memory, and without a message. */
static struct change *diff_add(struct changes *changes, char kind,
			       const char *path)
{
	/* Twice as large at every power of two. */
	if ((changes->count & (changes->count - 1)) == 0) {
		size_t room = changes->count ? 2 * changes->count : 1;
		struct change *list =
			reallocarray(changes->list, room, sizeof(*list));

		if (!list)
			return NULL;
		changes->list = list;
	}
	changes->list[changes->count] = (struct change){
		.path = strdup(path),
		.kind = kind,
	};
	if (!changes->list[changes->count].path)
		return NULL;
	return &changes->list[changes->count++];
}

/*
 * The mode of what was there before at `path`; 0 if nothing was.  No symbolic
 * link is followed on the way: it would be resolved on the host.
 */
static int diff_before(const struct comparison *c, const char *path,
		       mode_t *mode)
{
	struct open_how how = { .flags = O_PATH | O_NOFOLLOW | O_CLOEXEC,
				.resolve =
					RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH };
	CLEANUP_CLOSE int fd =
		(int)syscall(SYS_openat2, c->below, path, &how, sizeof(how));
	struct stat status;

	*mode = 0;
	/* No such name, or below something that is no directory. */
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR || errno == ELOOP))
		return 0;
	if (fd < 0 || fstat(fd, &status) < 0)
		return error_call(NULL, "look at %s in the layers", path);
	if (!diff_is_whiteout(&status))
		*mode = status.st_mode;
	return 0;
}

/* One name in a directory of the layers that is opaque now. */
static int diff_hide_one(const struct comparison *c, const char *path)
{
	struct change *change;
	struct stat status;
	mode_t before;

	if (fstatat(c->upper, path, &status, AT_SYMLINK_NOFOLLOW) == 0)
		return 0;
	if (errno != ENOENT && errno != ENOTDIR)
		return error_call(NULL, "look at %s in the upper directory",
				  path);
	if (diff_before(c, path, &before) < 0)
		return -1;
	if (!before)
		return 0;
	change = diff_add(c->changes, 'D', path);
	if (!change)
		return error_call(NULL, "note the changes");
	change->is_hidden = true;
	return 0;
}

/*
 * Without following a link, which the container may have made.  Not by fts(3):
 * that takes a directory that cannot be read on for one that has ended.
 */
static int diff_open(int top, const char *path)
{
	struct open_how how = { .flags = O_DIRECTORY | O_CLOEXEC,
				.resolve =
					RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH };

	return (int)syscall(SYS_openat2, top, path, &how, sizeof(how));
}

/* Look at each name in the directory `path`, which is the upper one's or not. */
static int diff_each(const struct comparison *c, int top, const char *path,
		     int (*look)(const struct comparison *, const char *))
{
	int fd = diff_open(top, path);
	DIR *directory = fd < 0 ? NULL : fdopendir(fd);
	int more = directory ? 1 : -1, result = 0;
	struct dirent *entry;

	while (result == 0 && more > 0 &&
	       (more = look_next(directory, &entry)) > 0) {
		CLEANUP_FREE char *below = NULL;

		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		if (asprintf(&below, "%s/%s", path, entry->d_name) < 0)
			result = error_call(NULL, "note the changes");
		else
			result = look(c, below);
	}
	if (more < 0)
		result =
			error_call(NULL, "read the %s directory %s",
				   top == c->upper ? "upper" : "layers'", path);
	if (directory)
		closedir(directory);
	else if (fd >= 0)
		close(fd);
	return result;
}

/* Linux 6.7 has "x" as well: a directory with whiteouts of another kind. */
static int diff_is_opaque(const struct comparison *c, const char *path,
			  bool *is_opaque)
{
	CLEANUP_CLOSE int fd = diff_open(c->upper, path);
	ssize_t length = -1;
	char value = 0;

	if (fd >= 0)
		length = fgetxattr(fd, c->opaque_attribute, &value, 1);
	if (length < 0 && errno != ENODATA && errno != EOPNOTSUPP &&
	    errno != ERANGE)
		return error_call(NULL, "see whether %s hides the layers",
				  path);
	*is_opaque = length == 1 && value == 'y';
	return 0;
}

/*
 * A directory that was one before.  What shows through an opaque one is
 * deleted, whatever is not in the upper directory; and so on below it.
 */
static int diff_look_into(const struct comparison *c, struct change *change)
{
	const char *path = change->path; /* the list moves when it grows */

	if (diff_is_opaque(c, path, &change->is_opaque) < 0)
		return -1;
	change->hides = c->hides || change->is_opaque;
	return change->hides ? diff_each(c, c->below, path, diff_hide_one) : 0;
}

/* One thing in the upper directory. */
static int diff_look_at(const struct comparison *c, const char *path)
{
	struct change *change;
	struct stat status;
	bool is_whiteout;
	mode_t before;

	if (fstatat(c->upper, path, &status, AT_SYMLINK_NOFOLLOW) < 0)
		return error_call(NULL, "look at %s in the upper directory",
				  path);
	if (diff_before(c, path, &before) < 0)
		return -1;
	is_whiteout = diff_is_whiteout(&status);
	if (is_whiteout && !before)
		return 0;
	change = diff_add(c->changes,
			  is_whiteout ? 'D'
			  : before    ? 'C'
				      : 'A',
			  path);
	if (!change)
		return error_call(NULL, "note the changes");
	change->is_directory = S_ISDIR(status.st_mode);
	if (!change->is_directory || !S_ISDIR(before))
		return 0;
	return diff_look_into(c, change);
}

/*
 * By bytes, as a tar archive and `docker diff` have them: a directory comes
 * before what is in it.
 */
static int diff_compare(const void *a, const void *b)
{
	const struct change *left = a, *right = b;

	return strcmp(left->path, right->path);
}

/*
 * A directory's names come behind it in the list, which grows while it is gone
 * through.  It is sorted since the kernel gives names in no order.
 */
int diff_find(struct changes *changes, int upper, int below,
	      const char *opaque_attribute)
{
	struct comparison c = { changes, upper, below, opaque_attribute,
				false };
	int status = diff_each(&c, upper, ".", diff_look_at);

	for (size_t i = 0; status == 0 && i < changes->count; i++) {
		if (!changes->list[i].is_directory)
			continue;
		c.hides = changes->list[i].hides;
		status = diff_each(&c, upper, changes->list[i].path,
				   diff_look_at);
	}
	if (changes->count > 0)
		qsort(changes->list, changes->count, sizeof(*changes->list),
		      diff_compare);
	return status;
}

/* A name may hold what a terminal would obey, so control characters go \033. */
static int diff_print_name(const char *name)
{
	CLEANUP_FREE char *plain = strdup(name);

	if (!plain)
		return error_call(NULL, "print the changes");
	error_make_plain(plain);
	for (size_t i = 0; name[i]; i++)
		if (plain[i] != name[i] || name[i] == '\\')
			printf("\\%03o", (unsigned char)name[i]);
		else
			putchar(name[i]);
	putchar('\n');
	return 0;
}

int diff_print(const struct changes *changes)
{
	for (size_t i = 0; i < changes->count; i++) {
		const struct change *change = &changes->list[i];

		printf("%c ", change->kind);
		if (diff_print_name(change->path + 1) < 0)
			return -1;
	}
	if (fflush(stdout) != 0 || ferror(stdout))
		return error_call(NULL, "print the changes");
	return 0;
}

/* May be called for a list that is empty, or that was not completed. */
void diff_free(struct changes *changes)
{
	while (changes->count > 0)
		free(changes->list[--changes->count].path);
	free(changes->list);
	changes->list = NULL;
}
