/* The one place that decides which errors mean "it is not there". */
#include "habits/look.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

int look_answer(long result)
{
	if (result >= 0)
		return 1;
	return errno == ENOENT || errno == ESRCH || errno == ENODEV ? 0 : -1;
}

int look_for(int dir, const char *name)
{
	struct stat status;

	return look_answer(fstatat(dir, name, &status, AT_SYMLINK_NOFOLLOW));
}

int look_open(int dir, const char *name, int flags, int *fd)
{
	*fd = openat(dir, name, flags | O_CLOEXEC);
	return look_answer(*fd);
}

/*
 * See pidfd_open(2), Linux 5.3.  EINVAL, since Linux 6.16 ENOENT: the process
 * has ended, but its number lives on as the name of the session or the group
 * of those that it left behind.
 */
int look_process(pid_t pid, int *pidfd)
{
	*pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (*pidfd < 0 && errno == EINVAL)
		errno = ESRCH;
	return look_answer(*pidfd);
}

/* "PID (NAME) STATE ...", see proc_pid_stat(5); the name may be anything. */
int look_started(const char *number, unsigned long long *ticks)
{
	char path[64], text[1024], status, *rest;
	ssize_t length;
	int fd, answer;

	*ticks = 0;
	snprintf(path, sizeof(path), "/proc/%s/stat", number);
	answer = look_open(AT_FDCWD, path, O_RDONLY, &fd);
	if (answer <= 0)
		return answer;
	length = read(fd, text, sizeof(text) - 1);
	answer = look_answer(length);
	close(fd);
	if (answer <= 0)
		return answer;
	text[length] = '\0';
	rest = strrchr(text, ')');
	if (!rest || sscanf(rest,
			    ") %c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s "
			    "%*s %*s %*s %*s %*s %*s %*s %llu",
			    &status, ticks) != 2) {
		errno = EPROTO;
		return -1;
	}
	return status != 'Z' && status != 'X';
}

int look_list(int dir, const char *name, DIR **list)
{
	int fd, answer = look_open(dir, name, O_RDONLY | O_DIRECTORY, &fd);

	*list = answer > 0 ? fdopendir(fd) : NULL;
	if (answer > 0 && !*list) {
		close(fd);
		errno = ENOMEM; /* what else: it is a directory, and open */
		return -1;
	}
	return answer;
}

/* readdir(3) has one answer for the end and for an error. */
int look_next(DIR *list, struct dirent **entry)
{
	errno = 0;
	*entry = readdir(list);
	if (*entry)
		return 1;
	return errno ? look_answer(-1) : 0;
}
