/*
 * openat2(2) with RESOLVE_IN_ROOT treats the directory as "/" for this one
 * lookup: an absolute link begins there, and ".." stops there.  The kernel does
 * it while it looks, so nobody can change the way in between.
 *
 * The kernel only looks up; it makes nothing on the way.  What is missing is
 * made here, part by part, each below a directory that is open already, and
 * then looked up again by the same call: so a link that is swapped in between
 * two steps changes what is found, and never leads outside.
 */
#include "10-full-container/guard/path.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "03-mount/syscalls.h"

static const struct hint path_place_hints[] = {
	{ EINVAL, "a directory goes on a directory, a file on a file" },
	{ 0, NULL },
};

#define PATH_STEPS 500 /* to look and to make, for one path */
#define PATH_TRIES 10000

/* The descriptor, or -1 with errno and no message. */
static int path_resolve(int root, const char *path, uint64_t flags,
			uint64_t resolve)
{
	struct open_how how = { .flags = flags | O_CLOEXEC,
				.resolve = RESOLVE_IN_ROOT | resolve };
	long fd = -1;

	/* EAGAIN: something was renamed meanwhile, the way is unclear.  Who
	   renames without end must not hold us up without end. */
	errno = EAGAIN;
	for (int i = 0; fd < 0 && i < PATH_TRIES; i++) {
		if (errno != EAGAIN && errno != EINTR)
			break;
		fd = syscall(SYS_openat2, root, path, &how, sizeof(how));
	}
	return (int)fd;
}

int path_open(int root, const char *path, uint64_t flags)
{
	return path_resolve(root, path, flags, RESOLVE_NO_MAGICLINKS);
}

int path_open_direct(int root, const char *path)
{
	return path_resolve(root, path, O_PATH, RESOLVE_NO_SYMLINKS);
}

int path_open_here(int directory, const char *name, uint64_t flags)
{
	return path_resolve(directory, name, flags,
			    RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV);
}

static int path_make_in(int root, const char *path, bool directory, int *steps);

/* Directories above directories: both functions share the steps. */
static int path_make_above(int root, const char *path, const char **name,
			   int *steps)
{
	CLEANUP_FREE char *above = NULL;
	size_t length = strlen(path);

	while (length > 0 && path[length - 1] == '/')
		length--;
	while (length > 0 && path[length - 1] != '/')
		length--;
	*name = path + length;
	above = strndup(path, length);
	if (!above)
		return error_call(NULL, "make %s", path);
	return path_make_in(root, length ? above : "/", true, steps);
}

/*
 * O_EXCL: what is there already is looked at again, and not opened by mistake.
 */
static int path_make_part(int parent, const char *name, bool directory)
{
	int fd;

	if (directory)
		return mkdirat(parent, name, 0755);
	fd = openat(parent, name,
		    O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC | O_WRONLY, 0644);
	if (fd >= 0)
		close(fd);
	return fd < 0 ? -1 : 0;
}

/*
 * The name exists but leads nowhere: a link whose target is not there yet
 * (/etc/resolv.conf in many images).  The target is what is to be made.
 */
static char *path_follow(int parent, const char *name, const char *path)
{
	char target[PATH_MAX], *next = NULL;
	ssize_t length = readlinkat(parent, name, target, sizeof(target) - 1);

	if (length < 0)
		return strdup(path); /* made by somebody else just now */
	target[length] = '\0';
	if (target[0] == '/')
		return strdup(target);
	if (asprintf(&next, "%.*s%s", (int)(name - path), path, target) < 0)
		return NULL;
	return next;
}

/* One attempt: -1 after a message, or errno is ENOENT and *next is set. */
static int path_make_once(int root, const char *path, bool directory,
			  char **next, int *steps)
{
	CLEANUP_CLOSE int parent = -1;
	const char *name;
	int fd = path_open(root, path, O_PATH);

	if (fd >= 0)
		return fd;
	if (errno != ENOENT || strlen(path) >= PATH_MAX)
		return error_call(NULL, "find %s in the root file system",
				  path);
	parent = path_make_above(root, path, &name, steps);
	if (parent < 0)
		return -1;
	if (path_make_part(parent, name, directory) == 0)
		*next = strdup(path);
	else if (errno == EEXIST)
		*next = path_follow(parent, name, path);
	if (!*next)
		return error_call(NULL, "make %s in the root file system",
				  path);
	return -1;
}

/* A slash at the end would follow a link that is to be looked at. */
static char *path_without_slash(const char *path)
{
	size_t length = strlen(path);

	while (length > 1 && path[length - 1] == '/')
		length--;
	return strndup(path, length);
}

/*
 * Look, make what is missing, look again: until it is found.  Each step may
 * meet a link, made by the image or by somebody who is faster than we are.
 * Links to long paths, one after the other, could take up all of the stack.
 */
static int path_make_in(int root, const char *path, bool directory, int *steps)
{
	CLEANUP_FREE char *current = path_without_slash(path);

	if (!current)
		return error_call(NULL, "make %s", path);
	while ((*steps)-- > 0) {
		char *next = NULL;
		int fd = path_make_once(root, current, directory, &next, steps);

		if (fd >= 0 || !next)
			return fd;
		free(current);
		current = next;
	}
	return error_input(NULL,
			   "%.80s: too many symbolic links, or directories to "
			   "make",
			   path);
}

int path_make(int root, const char *path, bool directory)
{
	int steps = PATH_STEPS;

	return path_make_in(root, path, directory, &steps);
}

int path_make_parent(int root, const char *path, const char **name)
{
	int steps = PATH_STEPS;

	return path_make_above(root, path, name, &steps);
}

/* By two descriptors: no path is looked up at this moment. */
int path_place(int mount, int target, const char *name)
{
	if (move_mount(mount, "", target, "",
		       MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) < 0)
		return error_call(path_place_hints, "mount on %s", name);
	return 0;
}

int path_bind(int socket, int directory, const char *name)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	snprintf(address.sun_path, sizeof(address.sun_path),
		 "/proc/self/fd/%d/%s", directory, name);
	return bind(socket, (struct sockaddr *)&address, sizeof(address));
}

bool path_has_dots(const char *path)
{
	for (; path; path = strchr(path, '/')) {
		path += *path == '/';
		if (strncmp(path, "..", 2) == 0 && strchr("/", path[2]))
			return true;
	}
	return false;
}
