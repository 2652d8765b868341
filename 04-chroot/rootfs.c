/*
 * Two ways into a root directory, and the /dev that programs expect there.
 *
 * A root file system from an image has empty /proc, /sys and /dev: what is
 * in them belongs to the running kernel, not to the image.
 */
#include "04-chroot/rootfs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <linux/mount.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "03-mount/syscalls.h"

static const struct hint path_hints[] = {
	{ ENOENT, "give a directory with a root file system in it; `make "
		  "rootfs` makes one in build/rootfs" },
	{ ENOTDIR, "a root file system is a directory" },
	{ EACCES, "root inside, who with --userns is nobody special, has to "
		  "pass every directory of the path: chmod o+x, or give a "
		  "relative path" },
	{ EBUSY, "this directory is the root already" },
	{ EPERM, "changing the root needs CAP_SYS_ADMIN or CAP_SYS_CHROOT" },
	{ 0, NULL },
};

/*
 * chroot is here to be broken out of, and for a system that runs from its
 * initramfs, where pivot_root(2) cannot work.
 */
static int rootfs_parse_jail(void *field, const char *name, const char *value)
{
	enum jail *jail = field;

	*jail = JAIL_PIVOT;
	if (strcmp(value, "pivot") == 0)
		return 0;
	*jail = JAIL_CHROOT;
	if (strcmp(value, "chroot") == 0)
		return 0;
	return error_input("one of: pivot, chroot",
			   "option --%s: there is no jail \"%s\"", name, value);
}

const struct option_entry rootfs_options[] = {
	{ 'r', "rootfs", "DIR", "the directory that becomes /", option_string,
	  offsetof(struct rootfs, path) },
	{ 'j', "jail", "pivot|chroot", "how to enter it (default: pivot)",
	  rootfs_parse_jail, offsetof(struct rootfs, jail) },
	{ 0 },
};

#define NOTHING_SPECIAL (MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV)
#define NOTHING_RUNS    (NOTHING_SPECIAL | MOUNT_ATTR_NOEXEC)
#define DEVICE(path)                                                \
	{                                                           \
		.source = (path), .target = (path),                 \
		.attributes = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC \
	}

/*
 * The device files are the host's, bound one by one: making new ones with
 * mknod(2) needs the capability that a container should not have.
 */
static struct mount default_mounts[] = {
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
	DEVICE("/dev/null"),
	DEVICE("/dev/zero"),
	DEVICE("/dev/full"),
	DEVICE("/dev/random"),
	DEVICE("/dev/urandom"),
	DEVICE("/dev/tty"),
	{ 0 },
};

static struct mount proc_only[] = {
	{ .target = "/proc", .type = "proc", .attributes = NOTHING_RUNS },
	{ 0 },
};

static const struct {
	const char *target;
	const char *path;
} device_links[] = {
	{ "/proc/self/fd", "/dev/fd" },
	{ "/proc/self/fd/0", "/dev/stdin" },
	{ "/proc/self/fd/1", "/dev/stdout" },
	{ "/proc/self/fd/2", "/dev/stderr" },
	{ "pts/ptmx", "/dev/ptmx" },
};

/*
 * In the host's own root only /proc is wrong: it shows the other PID
 * namespace.
 */
struct mount *rootfs_default_mounts(const struct rootfs *rootfs)
{
	return rootfs->path ? default_mounts : proc_only;
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

/* pivot_root's EINVAL has many causes; the likely ones can be told apart. */
static int rootfs_complain_pivot(const char *path)
{
	int error = errno;
	struct statfs root;

	if (error == EINVAL && statfs("/", &root) == 0 &&
	    (unsigned int)root.f_type == RAMFS_MAGIC)
		return error_input("the system runs from its initramfs, which "
				   "can never be moved: use --jail chroot",
				   "make %s the root: / is the kernel's rootfs",
				   path);
	errno = error;
	return error_call(path_hints, "make %s the root (pivot_root)", path);
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
		return rootfs_complain_pivot(path);
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

/*
 * Programs write to /dev/stdout, and a shell's <(...) opens /dev/fd/N.  In a
 * directory that is used again the links are there already: EEXIST is no
 * error.
 */
int rootfs_link_devices(const struct rootfs *rootfs)
{
	size_t count = sizeof(device_links) / sizeof(device_links[0]);

	for (size_t i = 0; rootfs->path && i < count; i++)
		if (symlink(device_links[i].target, device_links[i].path) < 0 &&
		    errno != EEXIST)
			return error_call(NULL, "make the link %s",
					  device_links[i].path);
	return 0;
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
