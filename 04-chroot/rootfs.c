/*
 * Two ways into a root directory.
 *
 * A root file system from an image has empty /proc, /sys and /dev: what is
 * in them belongs to the running kernel, not to the image.
 */
#include "04-chroot/rootfs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/mount.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "habits/hints.h"
#include "03-mount/syscalls.h"
#include "04-chroot/beyond/why.h"
#include "04-chroot/dev.h"

static const struct hint path_hints[] = {
	{ ENOENT, hint_root },
	{ ENOTDIR, "a root file system is a directory" },
	{ EACCES, "root inside, who with --userns is nobody special, has to "
		  "pass every directory of the path: chmod o+x, or give a "
		  "relative path" },
	{ EBUSY, "this directory is the root already" },
	{ EPERM, "changing the root needs CAP_SYS_ADMIN or CAP_SYS_CHROOT" },
	{ 0, NULL },
};

#define NOTHING_SPECIAL (MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV)
#define NOTHING_RUNS    (NOTHING_SPECIAL | MOUNT_ATTR_NOEXEC)
#define FILESYSTEMS     5

/* The device files come after them: see rootfs_default_mounts(). */
static struct mount default_mounts[FILESYSTEMS + DEV_FILES + 1] = {
	{ .target = "/proc", .type = "proc", .attributes = NOTHING_RUNS },
	{ .target = "/sys",
	  .type = "sysfs",
	  .attributes = NOTHING_RUNS | MOUNT_ATTR_RDONLY,
	  .instead = "/sys" },
	{ .target = "/dev",
	  .type = "tmpfs",
	  .data = "mode=755,size=64k",
	  .attributes = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC },
	{ .target = "/dev/pts",
	  .type = "devpts",
	  .data = "newinstance,ptmxmode=0666,mode=0620",
	  .attributes = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC },
	{ .target = "/dev/shm",
	  .type = "tmpfs",
	  .data = "mode=1777,size=64m",
	  .attributes = NOTHING_RUNS },
};

static struct mount proc_only[] = {
	{ .target = "/proc", .type = "proc", .attributes = NOTHING_RUNS },
	{ 0 },
};

/*
 * In the host's own root only /proc is wrong: it shows the other PID
 * namespace.
 */
struct mount *rootfs_default_mounts(const struct rootfs *rootfs)
{
	if (!rootfs->path)
		return proc_only;
	dev_bind(default_mounts + FILESYSTEMS);
	return default_mounts;
}

/*
 * pivot_root(2) wants the new root to be a mount of its own, so the
 * directory is bound over itself, with what is mounted below it.
 */
static int rootfs_bind_to_itself(const char *path)
{
	CLEANUP_CLOSE int tree =
		open_tree(AT_FDCWD, path,
			  OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);

	if (tree < 0)
		return error_call(path_hints, "open the root directory %s",
				  path);
	if (move_mount(tree, "", AT_FDCWD, path,
		       MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_SYMLINKS) < 0)
		return error_call(path_hints, "bind %s to itself", path);
	return 0;
}

/*
 * With the same directory for old and new root, the old root ends up mounted
 * on top of the new one, where MNT_DETACH takes it away: no directory inside
 * is needed to park it.  See pivot_root(2), "pivot_root(".", ".")".
 */
static int rootfs_pivot(const char *path)
{
	CLEANUP_FREE char *real = realpath(path, NULL);

	if (real) /* "." would stay below what is mounted on it */
		path = real;
	if (rootfs_bind_to_itself(path) < 0)
		return -1;
	if (chdir(path) < 0)
		return error_call(path_hints, "enter %s", path);
	if (syscall(SYS_pivot_root, ".", ".") < 0)
		return why_no_pivot(path, path_hints);
	if (umount2(".", MNT_DETACH) < 0)
		return error_call(NULL, "unmount the old root");
	if (chdir("/") < 0)
		return error_call(NULL, "enter the new root");
	return 0;
}

/*
 * chroot(2) leaves the working directory where it is.  Without the chdir(2)
 * the process would be outside of its root at once: the attack, by mistake.
 */
static int rootfs_chroot(const char *path)
{
	if (chroot(path) < 0)
		return error_call(path_hints, "make %s the root (chroot)",
				  path);
	if (chdir("/") < 0)
		return error_call(NULL, "enter the new root");
	return 0;
}

/*
 * From here on every path is the container's.  What is needed of the host must
 * be in a descriptor by now.
 */
int rootfs_enter(const struct rootfs *rootfs)
{
	if (!rootfs->path && rootfs->jail == JAIL_CHROOT)
		return error_input("--rootfs DIR says which directory",
				   "--jail chroot, and no directory to enter");
	if (!rootfs->path)
		return 0;
	if (rootfs->jail == JAIL_CHROOT)
		return rootfs_chroot(rootfs->path);
	return rootfs_pivot(rootfs->path);
}

int rootfs_link_devices(const struct rootfs *rootfs)
{
	return rootfs->path ? dev_link() : 0;
}

/*
 * Not close-on-exec: execve(2) looks up the program, what its "#!" line names
 * and its loader before it closes anything, and all three are the image's
 * words.  "#!/proc/self/fd/5/..." would be a file of the host.
 */
int rootfs_let_go(void)
{
	if (syscall(SYS_close_range, STDERR_FILENO + 1, UINT_MAX, 0) < 0)
		return error_call(NULL, "close what is the host's");
	return 0;
}
