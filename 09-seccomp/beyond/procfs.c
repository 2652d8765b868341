/*
 * Open files of /proc so that it is certain which file it was.
 *
 * Two questions, and the kernel answers both: is this a procfs, and its root
 * (fstatfs(2), fstat(2)), and did the way to the file stay on that one mount
 * (openat2(2), RESOLVE_NO_XDEV, Linux 5.6)?  A descriptor that was had once
 * stays good, also when the container's own /proc is mounted by now.
 */
#include "09-seccomp/beyond/procfs.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"

#define PROCFS_ROOT 1 /* the number of the root's inode, in every procfs */
#define PROCFS_GONE (-2)

static int procfs_fd = -1;

/*
 * fstatfs(2) says that it is a procfs; the inode says that it is its root, and
 * not a directory of it that was bound there.
 */
int procfs_root(void)
{
	CLEANUP_CLOSE int fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct statfs filesystem;
	struct stat status;

	if (fd < 0 || fstatfs(fd, &filesystem) < 0 || fstat(fd, &status) < 0)
		return error_call(NULL, "open /proc");
	if (filesystem.f_type == PROC_SUPER_MAGIC &&
	    status.st_ino == PROCFS_ROOT)
		return cleanup_keep(&fd);
	return error_input("mount -t proc proc /proc",
			   "/proc is not the kernel's: something else is "
			   "mounted there");
}

/* RESOLVE_NO_XDEV: not over a mount point, which /proc has none of. */
int procfs_open_below(int root, const char *path, uint64_t flags)
{
	struct open_how how = { .flags = flags | O_CLOEXEC,
				.resolve = RESOLVE_BENEATH | RESOLVE_NO_XDEV |
					   RESOLVE_NO_MAGICLINKS };

	return (int)syscall(SYS_openat2, root, path, &how, sizeof(how));
}

int procfs_keep(void)
{
	if (procfs_fd == PROCFS_GONE)
		return error_input(NULL, "the host's /proc is closed by now");
	if (procfs_fd < 0)
		procfs_fd = procfs_root();
	return procfs_fd < 0 ? -1 : 0;
}

int procfs_open(const char *path, uint64_t flags)
{
	if (procfs_keep() < 0)
		return -1;
	return procfs_open_below(procfs_fd, path, flags);
}

int procfs_own_pid(void)
{
	char text[16] = "";

	if (procfs_keep() < 0 ||
	    readlinkat(procfs_fd, "self", text, sizeof(text) - 1) < 0)
		return 0;
	return (int)strtol(text, NULL, 10);
}

void procfs_let_go(void)
{
	procfs_fd = PROCFS_GONE;
}

/*
 * The link /proc/self/fd/N leads to the file itself, not to its name: nothing
 * that was renamed since then can come in between.  A magic link is what is
 * wanted here, hence openat(2).
 */
int procfs_reopen(int fd, int flags)
{
	char path[32];

	if (procfs_keep() < 0)
		return -1;
	snprintf(path, sizeof(path), "self/fd/%d", fd);
	return openat(procfs_fd, path, flags | O_CLOEXEC);
}
