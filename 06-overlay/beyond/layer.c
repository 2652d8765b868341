/*
 * The upper directory as an archive that any engine can unpack.
 *
 * A whiteout of the kernel (a device 0, 0) means nothing in a tar.  The image
 * specification has other marks: an empty file ".wh.NAME" deletes NAME, and
 * ".wh..wh..opq" makes its directory opaque.  `docker commit` and `docker
 * build` store what a step changed in just this form.
 */
#include "06-overlay/beyond/layer.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "habits/error.h"
#include "03-mount/mounts.h"

#define WHITEOUT ".wh."
#define OPAQUE   ".wh..wh..opq"

static const struct hint tar_hints[] = {
	{ ENOENT, "install tar (GNU tar)" },
	{ 0, NULL },
};

static const struct hint whiteout_hints[] = {
	{ ENAMETOOLONG, "the mark \".wh.\" makes the name too long" },
	{ 0, NULL },
};

/* What tar reads: names that end with a zero byte. */
struct layer_lists {
	FILE *marks;  /* files of a directory with nothing but marks */
	FILE *things; /* files of the upper directory */
};

/*
 * Make the empty file `path` and the directories above it, below `dir`.  The
 * upper directory itself stays as it is: it may be the user's own.
 */
static int layer_make_mark(int dir, char *path)
{
	int fd;

	for (char *end = strchr(path + 2, '/'); end;
	     end = strchr(end + 1, '/')) {
		*end = '\0';
		if (mkdirat(dir, path, 0755) < 0 && errno != EEXIST)
			return -1;
		*end = '/';
	}
	fd = openat(dir, path, O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
	if (fd < 0)
		return -1;
	return close(fd);
}

/* Mark `path`, or what is in it. */
static int layer_mark(FILE *list, int dir, const char *path, bool is_opaque)
{
	const char *name = strrchr(path, '/') + 1;
	char *mark;
	int status;

	status = is_opaque ? asprintf(&mark, "%s/" OPAQUE, path)
			   : asprintf(&mark, "%.*s" WHITEOUT "%s",
				      (int)(name - path), path, name);
	if (status < 0)
		return error_call(NULL, "make the name of a whiteout");
	status = layer_make_mark(dir, mark);
	if (status < 0)
		error_call(whiteout_hints, "make the whiteout for %s", path);
	else
		fwrite(mark, strlen(mark) + 1, 1, list);
	free(mark);
	return status;
}

/*
 * Marks and things are two lists.  All marks come first in the archive: the
 * specification wants a whiteout before its siblings.
 */
static int layer_list_one(const struct layer_lists *lists, int dir,
			  const struct change *change)
{
	const char *name = strrchr(change->path, '/') + 1;

	if (strncmp(name, WHITEOUT, strlen(WHITEOUT)) == 0)
		return error_input("in a layer such a name is a deletion",
				   "%s cannot be in an image layer",
				   change->path + 1);
	if (change->kind == 'D')
		return change->is_hidden ? 0
					 : layer_mark(lists->marks, dir,
						      change->path, false);
	fwrite(change->path, strlen(change->path) + 1, 1, lists->things);
	return change->is_opaque
		       ? layer_mark(lists->marks, dir, change->path, true)
		       : 0;
}

/* A file in memory; as a descriptor the next program can read it again. */
static FILE *layer_list_open(void)
{
	int fd = memfd_create("list", 0);
	FILE *list = fd < 0 ? NULL : fdopen(fd, "w");

	if (!list)
		error_call(NULL, "make a list for tar");
	return list;
}

/*
 * `dir` is where the marks are made.  Nothing is written to the archive before
 * both lists are complete: half a layer looks like a whole one.
 */
static int layer_list_all(const struct layer_lists *lists, int dir,
			  const struct changes *changes)
{
	for (size_t i = 0; i < changes->count; i++)
		if (layer_list_one(lists, dir, &changes->list[i]) < 0)
			return -1;
	if (fflush(lists->marks) != 0 || fflush(lists->things) != 0)
		return error_call(NULL, "write a list for tar");
	return 0;
}

/*
 * tar(1) writes better archives than we would: long names, big files, extended
 * attributes, hard links.  It reads the names from lists, so that none of them
 * is taken for an option.  Owners stay numbers, for the host's user names mean
 * nothing in an image.  A descriptor's path in /proc serves as file name.
 */
static int layer_become_tar(const struct layer_lists *lists, int marks,
			    int things, int out)
{
	char paths[4][32];
	const int fds[] = { marks, fileno(lists->marks), things,
			    fileno(lists->things) };
	const char *const words[] = { "tar",
				      "--create",
				      "--file=-",
				      "--format=posix",
				      "--pax-option=delete=atime,delete=ctime",
				      "--numeric-owner",
				      "--xattrs",
				      "--xattrs-include=security.capability",
				      "--xattrs-include=user.*",
				      "--xattrs-exclude=user.overlay.*",
				      "--no-recursion",
				      "--null",
				      "-C",
				      paths[0],
				      "-T",
				      paths[1],
				      "-C",
				      paths[2],
				      "-T",
				      paths[3],
				      NULL };
	sigset_t none;

	for (size_t i = 0; i < sizeof(fds) / sizeof(int); i++) {
		snprintf(paths[i], sizeof(paths[i]), "/proc/self/fd/%d",
			 fds[i]);
		if (fcntl(fds[i], F_SETFD, 0) < 0) /* stay open */
			return error_call(NULL, "keep a list open for tar");
	}
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	unsetenv("TAR_OPTIONS");
	if (dup2(out, STDOUT_FILENO) < 0)
		return error_call(NULL, "write to the layer's file");
	execvp(words[0], (char **)words);
	return error_call(tar_hints, "run tar");
}

/*
 * Called in a helper process, in the user namespace of the container, so that
 * owners are the container's numbers.  Returns only after a failure.
 */
int layer_write(const struct changes *changes, int upper, int out)
{
	struct mount marks[] = {
		{ .target = "whiteouts", .type = "tmpfs", .data = "mode=700" },
		{ 0 },
	};
	struct layer_lists lists = { layer_list_open(), layer_list_open() };

	/*
	 * The marks are made on a tmpfs that gets no place in any tree.  For
	 * that, too, the mount table must belong to our user namespace.
	 */
	if (unshare(CLONE_NEWNS) < 0)
		return error_call(NULL, "make a mount namespace");
	if (!lists.marks || !lists.things || mounts_open(marks) < 0 ||
	    layer_list_all(&lists, marks[0].fd, changes) < 0)
		return -1;
	return layer_become_tar(&lists, marks[0].fd, upper, out);
}
