/*
 * A mount covers something that is there.  In the root of an image it may not
 * be: then it is made, below that root.
 */
#include "03-mount/beyond/target.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"

static const struct hint target_hints[] = {
	{ ELOOP, "links of the image that go round in a circle, or lead out of "
		 "it by a descriptor (/proc/self/fd)" },
	{ 0, NULL },
};

/*
 * The root of a mount is a directory, or a file: /dev/null is bound as a file.
 */
static bool target_is_directory(int fd)
{
	struct stat status;

	return fstat(fd, &status) == 0 && S_ISDIR(status.st_mode);
}

/*
 * Never by a link of /proc, such as /proc/self/fd/9: in the image's words that
 * would be a directory of the host which whoever called us has left open, and
 * what is missing would be made there (openat2(2), Linux 5.6).
 */
static int target_open(const char *path, uint64_t flags)
{
	struct open_how how = { .flags = flags | O_CLOEXEC,
				.mode = flags & O_CREAT ? 0644 : 0,
				.resolve = RESOLVE_NO_MAGICLINKS };

	return (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how));
}

/* The directory above is there. */
static int target_make_directory(const char *path, const char *what)
{
	const char *name = strrchr(path, '/') + 1;
	char above[PATH_MAX];
	CLEANUP_CLOSE int fd = -1;

	if (!*name)
		return 0;
	snprintf(above, sizeof(above), "%.*s", (int)(name - path), path);
	fd = target_open(above, O_PATH);
	if (fd >= 0 && (mkdirat(fd, name, 0755) == 0 || errno == EEXIST))
		return 0;
	return error_call(target_hints, "make the %s %s", what, path);
}

/*
 * mkdir -p for the way there.  Mode 0755 and 0644: everybody inside may look,
 * and only root may write.
 */
static int target_make_new(const char *path, bool directory)
{
	char part[PATH_MAX];
	int fd;

	/* Each "/" ends the name of one more directory above. */
	for (const char *end = strchr(path + 1, '/'); end;
	     end = strchr(end + 1, '/')) {
		snprintf(part, sizeof(part), "%.*s", (int)(end - path), path);
		if (target_make_directory(part, "directory") < 0)
			return -1;
	}
	if (directory)
		return target_make_directory(path, "mount point");
	fd = target_open(path, O_CREAT | O_RDONLY | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return error_call(target_hints, "make the mount point %s",
				  path);
	close(fd);
	return 0;
}

/*
 * What is missing may be the end of a link, as /etc/resolv.conf is one in
 * many images: then it is that end that has to be made.
 */
static int target_make_end(const char *target, bool directory)
{
	char path[PATH_MAX], end[PATH_MAX];
	ssize_t length = readlink(target, end, sizeof(end) - 1);

	if (length < 0)
		return target_make_new(target, directory);
	end[length] = '\0';
	if (snprintf(path, sizeof(path), "%.*s/%s",
		     end[0] == '/' ? 0 : (int)(strrchr(target, '/') - target),
		     target, end) >= PATH_MAX)
		return error_input(NULL, "the link %s is too long", target);
	return target_make_new(path, directory);
}

int target_make(const char *target, int mount)
{
	CLEANUP_CLOSE int fd = target_open(target, O_PATH);

	if (fd >= 0)
		return 0;
	if (errno == ELOOP)
		return error_call(target_hints, "find the mount point %s",
				  target);
	return target_make_end(target, target_is_directory(mount));
}
