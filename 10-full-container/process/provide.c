/*
 * Only what is the container's may be given to it: a pipe without a name, that
 * nobody else knows, and a directory below its root.
 */
#include "10-full-container/process/provide.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "10-full-container/guard/path.h"

/* A pipe without a name: one in a directory is a file of the host. */
static bool process_is_pipe(int fd, uid_t owner)
{
	struct statfs filesystem;
	struct stat status;

	return fstat(fd, &status) == 0 && S_ISFIFO(status.st_mode) &&
	       status.st_uid != owner && fstatfs(fd, &filesystem) == 0 &&
	       filesystem.f_type == PIPEFS_MAGIC;
}

/* Only pipes: a file or a device of the host stays the host's. */
int provide_pipes(uid_t owner)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (process_is_pipe(fd, owner) &&
		    fchown(fd, owner, (gid_t)-1) < 0 && errno != EPERM &&
		    errno != EINVAL)
			return error_call(NULL, "give descriptor %d to user %u",
					  fd, owner);
	return 0;
}

/* Engines expect a directory that is missing to be made. */
int provide_cwd(const struct process *process, int root)
{
	CLEANUP_CLOSE int fd = -1;
	mode_t mask;

	if (!process->args || strcmp(process->cwd, "/") == 0)
		return 0;
	fd = path_open(root, process->cwd, O_PATH | O_DIRECTORY);
	if (fd >= 0 || errno != ENOENT)
		return 0; /* process_enter() will say what is wrong */
	mask = umask(022);
	fd = path_make(root, process->cwd, true);
	umask(mask);
	return fd < 0 ? -1 : 0;
}
