/* The process id for who started us: an engine waits for this file. */
#include "10-full-container/pid_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "01-uts/cleanup.h"
#include "01-uts/error.h"
#include "01-uts/whole.h"
#include "10-full-container/sync.h"

/*
 * By a rename, so that a reader never finds it empty: an engine reads as soon
 * as the file is there.  The number is the one in our own PID namespace.
 */
int pid_file_write(const char *path, pid_t pid)
{
	CLEANUP_FREE char *new_path = NULL;
	CLEANUP_CLOSE int fd = -1;
	char text[16];

	if (!path)
		return 0;
	snprintf(text, sizeof(text), "%d", pid);
	if (asprintf(&new_path, "%s.new", path) < 0)
		return error_call(NULL, "write %s", path);
	fd = open(new_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0 || whole_write(fd, text, strlen(text)) < 0 ||
	    rename(new_path, path) < 0) {
		error_call(NULL, "write the process id to %s", path);
		if (fd >= 0)
			unlink(new_path);
		return -1;
	}
	return 0;
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
