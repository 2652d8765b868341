/* The process id for who started us: an engine waits for this file. */
#include "10-full-container/talk/pid_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "habits/whole.h"
#include "10-full-container/talk/sync.h"

#define PID_FILE_TRIES 100

/* A rename would take the place of whatever is there: /dev/null, a link. */
int pid_file_check(const char *path)
{
	struct stat status;

	if (!path)
		return 0;
	if (lstat(path, &status) < 0)
		return errno == ENOENT
			       ? 0
			       : error_call(NULL, "look at the pid file %s",
					    path);
	if (S_ISREG(status.st_mode))
		return 0;
	return error_input("name a file, or one that is not there yet",
			   "--pid-file: %s is no regular file, and is not "
			   "replaced",
			   path);
}

/*
 * Beside it, under a name that nobody has: whoever may write to the directory
 * could have put a link there (O_EXCL follows none).
 */
static int pid_file_make(const char *path, char **name)
{
	int fd = -1;

	for (int i = 0; fd < 0 && i < PID_FILE_TRIES; i++) {
		if (asprintf(name, "%s.%d.%d.new", path, getpid(), i) < 0) {
			*name = NULL;
			return -1;
		}
		fd = open(*name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
		if (fd < 0) {
			free(*name);
			*name = NULL;
			if (errno != EEXIST)
				return -1;
		}
	}
	return fd;
}

/*
 * By a rename, so that a reader never finds it empty: an engine reads as soon
 * as the file is there.  The number is the one in our own PID namespace.
 */
int pid_file_write(const char *path, pid_t pid)
{
	CLEANUP_FREE char *name = NULL;
	CLEANUP_CLOSE int fd = -1;
	char text[16];

	if (!path)
		return 0;
	if (pid_file_check(path) < 0)
		return -1;
	snprintf(text, sizeof(text), "%d", pid);
	fd = pid_file_make(path, &name);
	if (fd >= 0 && whole_write(fd, text, strlen(text)) == 0 &&
	    rename(name, path) == 0)
		return 0;
	error_call(NULL, "write the process id to %s", path);
	if (fd >= 0)
		unlink(name);
	return -1;
}

/*
 * While the process is our child and not waited for: so the number can not
 * have become another process's before the descriptor is had.
 */
int pid_socket_send(const char *path, pid_t pid)
{
	CLEANUP_CLOSE int pidfd = -1, peer = -1;

	if (!path)
		return 0;
	peer = sync_connect("--pidfd-socket", path);
	if (peer < 0)
		return -1;
	pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (pidfd < 0 || sync_send_fd(peer, "pidfd", pidfd) < 0)
		return error_call(NULL, "send the process to the socket %s",
				  path);
	return 0;
}
