/*
 * A mount covers something that is there.  In the root of an image it may not
 * be: then it is made, below that root.
 */
#include "03-mount/beyond/target.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "habits/error.h"

/*
 * The root of a mount is a directory, or a file: /dev/null is bound as a file.
 */
static bool target_is_directory(int fd)
{
	struct stat status;

	return fstat(fd, &status) == 0 && S_ISDIR(status.st_mode);
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
		if (mkdir(part, 0755) < 0 && errno != EEXIST)
			return error_call(NULL, "make the directory %s", part);
	}
	if (directory) {
		if (mkdir(path, 0755) == 0 || errno == EEXIST)
			return 0;
		return error_call(NULL, "make the mount point %s", path);
	}
	fd = open(path, O_CREAT | O_CLOEXEC | O_RDONLY | O_NONBLOCK | O_NOCTTY,
		  0644);
	if (fd < 0)
		return error_call(NULL, "make the mount point %s", path);
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
	if (access(target, F_OK) == 0)
		return 0;
	return target_make_end(target, target_is_directory(mount));
}
