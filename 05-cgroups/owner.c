/*
 * Locks on directories.  flock(2) belongs to the open file, not to the
 * process: a child that inherits the descriptor holds the lock as well, and
 * it is free when the last copy is closed.  So children close theirs.
 */
#include "05-cgroups/owner.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "01-uts/cleanup.h"

/* Was the directory removed, and made anew, before we had its lock? */
static bool owner_is_same(int top, const char *name, int fd)
{
	struct stat by_name, by_fd;

	return fstatat(top, name, &by_name, 0) == 0 && fstat(fd, &by_fd) == 0 &&
	       by_name.st_ino == by_fd.st_ino;
}

/* One try.  Returns -1 with errno; EAGAIN: the directory has been replaced. */
static int owner_try_lock(int top, const char *name)
{
	CLEANUP_CLOSE int fd = openat(
		top, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0 || flock(fd, LOCK_EX) < 0)
		return -1;
	if (owner_is_same(top, name, fd))
		return cleanup_keep(&fd);
	errno = EAGAIN;
	return -1;
}

/*
 * Between open(2) and flock(2) the last owner may have removed the directory:
 * then the lock is on something that has no name any more, and it begins
 * again.
 */
int owner_lock(int top, const char *name, mode_t mode, bool create)
{
	int fd;

	do {
		if (create && mkdirat(top, name, mode) < 0 && errno != EEXIST)
			return -1;
		fd = owner_try_lock(top, name);
	} while (fd < 0 && (errno == EAGAIN || (errno == ENOENT && create)));
	return fd;
}

/* When a process started, in clock ticks since boot: see proc_pid_stat(5). */
static unsigned long long owner_start_time(void)
{
	CLEANUP_CLOSE int fd = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
	char text[1024] = "", *rest;
	int space = 0;

	if (read(fd, text, sizeof(text) - 1) < 0)
		return 0;
	rest = strrchr(text, ')'); /* the name before it can have spaces */
	for (; rest && *rest && space < 20; rest++)
		space += *rest == ' ';
	return rest ? strtoull(rest, NULL, 10) : 0;
}

/*
 * The start time makes it unique on this machine: a process number is used
 * again, but not within the same clock tick.
 */
void owner_name(int dir, char name[OWNER_NAME])
{
	unsigned long long ticks = owner_start_time();

	do /* another PID namespace can have the same name */
		snprintf(name, OWNER_NAME, "%.40s.%d.%llu",
			 program_invocation_short_name, getpid(), ticks++);
	while (faccessat(dir, name, F_OK, 0) == 0);
}

/*
 * From the end, since the program's name may have dots in it. `*pid` ends at
 * what was the second dot.  False: somebody else's directory, to be left
 * alone.
 */
bool owner_parse(char *name, const char **pid)
{
	for (int i = 0; i < 2; i++) {
		char *dot = strrchr(name, '.');

		if (!dot || !dot[1] ||
		    dot[1 + strspn(dot + 1, "0123456789")] != '\0')
			return false;
		*dot = '\0';
		*pid = dot + 1;
	}
	return true;
}
