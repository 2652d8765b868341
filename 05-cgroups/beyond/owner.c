/*
 * Locks on directories.  flock(2) belongs to the open file, not to the
 * process: a child that inherits the descriptor holds the lock as well, and
 * it is free when the last copy is closed.  So children close theirs.
 */
#include "05-cgroups/beyond/owner.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "habits/look.h"

#define OWNER_WAIT_MS 10000

const struct hint owner_output_hints[] = {
	{ ENXIO, "it is a pipe: start the program that reads it first" },
	{ ENOENT, "the directory for it must exist" },
	{ EISDIR, "give the name of a file" },
	{ ELOOP, "it is a link of another user, and could lead anywhere" },
	{ EWOULDBLOCK, "another process has a lease on it, see fcntl(2)" },
	{ 0, NULL },
};

/* Others: the group's write bit is also that of an access list (acl(5)). */
bool owner_is_us(int fd)
{
	struct stat status;

	return fstat(fd, &status) == 0 && status.st_uid == geteuid() &&
	       (status.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

int owner_check(int fd, const char *path)
{
	struct stat status;

	if (owner_is_us(fd))
		return 0;
	if (fstat(fd, &status) < 0)
		error_call(NULL, "look at %s", path);
	else if (status.st_uid != geteuid())
		error_input("choose a directory of your own: what others write "
			    "there is not to be believed",
			    "%s belongs to user %u, and not to user %u", path,
			    status.st_uid, geteuid());
	else
		error_input("chmod go-w: what others write there is not to be "
			    "believed",
			    "%s: others may write to it (mode %o)", path,
			    status.st_mode & 07777);
	errno = EPERM;
	return -1;
}

/*
 * The kernel asks the same where a directory is everybody's and sticky, if
 * fs.protected_symlinks says so: see proc_sys_fs(5).
 */
static int owner_link_flags(const char *path)
{
	struct stat status;

	return lstat(path, &status) == 0 && S_ISLNK(status.st_mode) &&
			       (status.st_uid == 0 ||
				status.st_uid == geteuid())
		       ? 0
		       : O_NOFOLLOW;
}

/*
 * O_NONBLOCK only for the open(2): without it a named pipe that nobody reads
 * would stop us here, or somebody's lease (fcntl(2), F_SETLEASE).
 */
int owner_open_output(const char *path, int flags, mode_t mode)
{
	CLEANUP_CLOSE int fd =
		open(path,
		     O_WRONLY | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY |
			     flags | owner_link_flags(path),
		     mode);

	if (fd < 0 || fcntl(fd, F_SETFL, flags) < 0)
		return -1;
	return cleanup_keep(&fd);
}

/*
 * The process that has taken the lock, as proc_locks(5) has it: "1: FLOCK
 * ADVISORY WRITE 123 00:17:456 0 EOF".  0: it is not to be seen from here.
 */
static pid_t owner_find_holder(int fd)
{
	FILE *locks = fopen("/proc/locks", "re");
	char *line = NULL, place[64];
	struct stat status;
	size_t size = 0;
	pid_t pid = 0;

	if (fstat(fd, &status) < 0)
		status = (struct stat){ 0 };
	snprintf(place, sizeof(place), " %02x:%02x:%llu ", major(status.st_dev),
		 minor(status.st_dev), (unsigned long long)status.st_ino);
	while (locks && pid == 0 && getline(&line, &size, locks) > 0)
		if (strstr(line, place) && !strstr(line, "->"))
			sscanf(line, "%*s %*s %*s %*s %d", &pid);
	free(line);
	if (locks)
		fclose(locks);
	return pid;
}

static int owner_complain(int fd, const char *what)
{
	pid_t pid = owner_find_holder(fd);
	char name[32] = "", path[64];
	CLEANUP_CLOSE int comm = -1;

	snprintf(path, sizeof(path), "/proc/%d/comm", pid);
	comm = open(path, O_RDONLY | O_CLOEXEC);
	if (comm >= 0 && read(comm, name, sizeof(name) - 1) > 0)
		name[strcspn(name, "\n")] = '\0';
	if (pid > 0)
		error_input("it may come to its end; or end it",
			    "%s: process %d (%s) has held its lock for %d "
			    "seconds",
			    what, pid, name, OWNER_WAIT_MS / 1000);
	else
		error_input("lsof(8) on the host may know whose it is",
			    "%s: a process that is not to be seen from here "
			    "has held its lock for %d seconds",
			    what, OWNER_WAIT_MS / 1000);
	errno = ETIMEDOUT;
	return -1;
}

/* A lock is mostly free.  If not, asking again costs little. */
int owner_wait(int fd, const char *what)
{
	for (int waited = 0, step = 1; flock(fd, LOCK_EX | LOCK_NB) < 0;
	     waited += step, step = step < 32 ? 2 * step : step) {
		if (errno != EWOULDBLOCK && errno != EINTR) {
			error_call(NULL, "lock %s", what);
			errno = ETIMEDOUT; /* as below: it has been said */
			return -1;
		}
		if (waited >= OWNER_WAIT_MS)
			return owner_complain(fd, what);
		poll(NULL, 0, step);
	}
	return 0;
}

/* Or was it removed, and made anew, before we had its lock?  See look.h. */
static int owner_is_same(int top, const char *name, int fd)
{
	struct stat by_name, by_fd;
	int answer = look_answer(fstatat(top, name, &by_name, 0));

	if (answer <= 0)
		return answer;
	return fstat(fd, &by_fd) < 0 ? -1 : by_name.st_ino == by_fd.st_ino;
}

/* One try.  Returns -1 with errno; EAGAIN: the directory has been replaced. */
static int owner_try_lock(int top, const char *name)
{
	CLEANUP_CLOSE int fd = openat(
		top, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	int is_same;

	if (fd < 0 || owner_wait(fd, name) < 0)
		return -1;
	is_same = owner_is_same(top, name, fd);
	if (is_same > 0)
		return cleanup_keep(&fd);
	if (is_same == 0)
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

/*
 * In `base`/`name`.  What is above it others may pass through: stage 08 and
 * stage 10 have directories of their own there.
 */
static int owner_lock_in(const char *base, const char *name, bool create)
{
	char path[PATH_MAX];
	int top, dir;

	snprintf(path, sizeof(path), "%s/%s", base, name);
	do { /* the last program may just have removed what is above it */
		if (create && mkdir(path, 0711) == 0)
			chmod(path, 0711); /* whatever the umask */
		else if (create && errno != EEXIST)
			return -1;
		top = open(path,
			   O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		dir = -1;
		if (top >= 0 && owner_is_us(top))
			dir = owner_lock(top, "groups", 0700, create);
		else if (top >= 0)
			errno = EPERM;
		cleanup_close(&top);
	} while (dir < 0 && errno == ENOENT && create);
	if (dir < 0 || owner_is_us(dir))
		return dir;
	close(dir);
	errno = EPERM;
	return -1;
}

/*
 * Root of the machine has /run; root of a user namespace may not write there,
 * and an ordinary user mostly has XDG_RUNTIME_DIR, from pam_systemd(8).
 */
int owner_lock_groups(bool create)
{
	const char *own = getenv("XDG_RUNTIME_DIR");
	char name[32];
	int dir = -1;

	errno = ENOENT;
	if (geteuid() == 0)
		dir = owner_lock_in("/run", "ten-steps", create);
	if (dir < 0 && errno != ETIMEDOUT && own && own[0] == '/')
		dir = owner_lock_in(own, "ten-steps", create);
	if (dir >= 0 || errno == ETIMEDOUT)
		return dir;
	snprintf(name, sizeof(name), "ten-steps.%u", geteuid());
	return owner_lock_in("/tmp", name, create);
}

/* By its name, which is asked for: rmdir(2) fails if something is in it. */
void owner_unlock_groups(int dir)
{
	char own[32], directory[PATH_MAX];
	ssize_t length;

	snprintf(own, sizeof(own), "/proc/self/fd/%d", dir);
	length = readlink(own, directory, sizeof(directory) - 1);
	if (length > 0) {
		directory[length] = '\0';
		if (rmdir(directory) == 0) {
			*strrchr(directory, '/') = '\0';
			rmdir(directory);
		}
	}
	close(dir);
}

/*
 * The start time makes it unique on this machine: a process number is used
 * again, but not within the same clock tick.
 */
void owner_name(int dir, char name[OWNER_NAME])
{
	unsigned long long ticks = 0;

	look_started("self", &ticks); /* without /proc: 0 */
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
