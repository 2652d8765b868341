/*
 * The four steps of posix_openpt(3), with one difference: it is opened inside
 * of the container's root, in a devpts of its own, and whatever the image has
 * put there must not be taken for it (CVE-2025-52565).
 */
#include "10-full-container/process/tty.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/mount.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/vfs.h>
#include <termios.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "03-mount/syscalls.h"
#include "10-full-container/guard/path.h"
#include "10-full-container/talk/sync.h"

static const struct hint ptmx_hints[] = {
	{ ENOENT, "a terminal needs a mount of type devpts on /dev/pts" },
	{ ENOSPC, "too many terminals: see /proc/sys/kernel/pty" },
	{ 0, NULL },
};

static const struct hint console_hints[] = {
	{ ELOOP, "remove the symbolic link from the image" },
	{ 0, NULL },
};

/*
 * Is it what it looks like?  An image could have any file there.  The kind of
 * filesystem says that it is a devpts, the numbers that it is its ptmx
 * (pts(4)).
 */
static bool tty_is_devpts(int fd)
{
	struct statfs filesystem;

	return fstatfs(fd, &filesystem) == 0 &&
	       filesystem.f_type == DEVPTS_SUPER_MAGIC;
}

static bool tty_is_ptmx(int fd)
{
	struct stat status;

	return tty_is_devpts(fd) && fstat(fd, &status) == 0 &&
	       S_ISCHR(status.st_mode) && status.st_rdev == makedev(5, 2);
}

/*
 * To open a device can do something already: a tape rewinds, a pipe waits.  So
 * it is looked at before it is opened; and in a devpts that is one, nobody can
 * put anything else in its place.  -1 without a message: errno tells, and EXDEV
 * is something else in its place.
 */
static int tty_open_ptmx(int root)
{
	CLEANUP_CLOSE int seen = path_open(root, "/dev/pts/ptmx", O_PATH);
	CLEANUP_CLOSE int pts =
		path_open(root, "/dev/pts", O_PATH | O_DIRECTORY);

	if (seen < 0 || pts < 0)
		return -1;
	if (tty_is_ptmx(seen) && tty_is_devpts(pts))
		return path_open_here(pts, "ptmx", O_RDWR | O_NOCTTY);
	errno = EXDEV;
	return -1;
}

/* TIOCSPTLCK with 0 is unlockpt(3), and Linux wants nothing of grantpt(3). */
static int tty_open_master(int root)
{
	int fd = tty_open_ptmx(root), locked = 0;

	if (fd >= 0 && ioctl(fd, TIOCSPTLCK, &locked) == 0)
		return fd;
	if (fd < 0 && errno != EXDEV)
		return error_call(ptmx_hints, "make a terminal");
	if (fd >= 0)
		close(fd);
	return error_input("/dev/pts must be a mount of type devpts",
			   "make a terminal: /dev/pts/ptmx is something else");
}

/* The slave, by its master: no path is involved.  Linux 4.13. */
static int tty_open_slave(const struct process *process, int master)
{
	struct winsize size = { .ws_row = process->rows,
				.ws_col = process->columns };
	int fd = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (fd < 0)
		return error_call(NULL, "open the terminal");
	if (size.ws_row && size.ws_col)
		ioctl(fd, TIOCSWINSZ, &size);
	if (fchown(fd, process->user.uid, (gid_t)-1) == 0)
		return fd;
	error_call(NULL, "give the terminal to user %u", process->user.uid);
	close(fd);
	return -1;
}

/*
 * /dev/console is a file that the slave is bound on. -1 after a message; a
 * link in its place is refused.
 */
static int tty_mount_console(int slave, int root)
{
	CLEANUP_CLOSE int made = path_make(root, "/dev/console", false);
	CLEANUP_CLOSE int target = path_open_direct(root, "/dev/console");
	CLEANUP_CLOSE int tree = -1;

	if (made < 0)
		return -1;
	if (target < 0)
		return error_call(console_hints, "mount on /dev/console");
	tree = open_tree(slave, "",
			 OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH);
	if (tree < 0)
		return error_call(NULL, "bind the terminal");
	return path_place(tree, target, "/dev/console");
}

/* It controls this session, and is what the program reads and writes. */
static int tty_become(int slave)
{
	if (ioctl(slave, TIOCSCTTY, 0) < 0)
		return error_call(NULL, "make the terminal the session's own");
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (dup2(slave, fd) < 0)
			return error_call(NULL, "use the terminal");
	return 0;
}

/*
 * A line that goes to a file, or to another program, ends in \n; on a screen in
 * \r\n.  Here, and not where it is shown: the program could be quicker.
 */
static int tty_set_line_end(const struct process *process, int slave)
{
	struct termios mode;

	if (!process->is_piped)
		return 0;
	if (tcgetattr(slave, &mode) < 0)
		return error_call(NULL, "look at the terminal's settings");
	mode.c_oflag &= ~(tcflag_t)ONLCR;
	if (tcsetattr(slave, TCSANOW, &mode) < 0)
		return error_call(NULL, "set the end of the terminal's lines");
	return 0;
}

/*
 * Who shows it gets the master as soon as there is a slave, before the program:
 * what the program prints first must have somebody who reads it.  Only now is
 * there a terminal to write to, so messages up to here went to the runtime's.
 */
int tty_setup(const struct process *process, int root, int console,
	      bool is_console)
{
	CLEANUP_CLOSE int master = -1, slave = -1;
	char word[] = { SYNC_CONSOLE, '\0' };

	if (!process->terminal)
		return 0;
	master = tty_open_master(root);
	if (master < 0)
		return -1;
	slave = tty_open_slave(process, master);
	if (slave < 0 || tty_set_line_end(process, slave) < 0 ||
	    (is_console && tty_mount_console(slave, root) < 0))
		return -1;
	if (sync_send_fd(console, word, master) < 0)
		return error_call(NULL, "hand over the terminal");
	return tty_become(slave);
}

int tty_choose(struct process *process, const char *path, bool is_attached,
	       const char *who, int *console)
{
	if (!process->terminal)
		return 0;
	if (!path && !is_attached)
		return error_input("--console-socket says who shows it",
				   "%s: nobody is there to show a terminal",
				   who);
	process->is_piped = !path && !isatty(STDOUT_FILENO);
	*console = path ? sync_connect("--console-socket", path) : -1;
	return path && *console < 0 ? -1 : 0;
}
