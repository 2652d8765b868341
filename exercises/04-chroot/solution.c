/*
 * 04: another root directory, which does not lead back.
 *
 * chroot(2) only moves the point at which ".." stops.  pivot_root(2) puts
 * another mount in the place of the whole tree, and what was there before is
 * unmounted: there is nothing left to walk to.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <linux/sched.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *new_root; /* NULL: the host's */
static int is_chroot;        /* --jail chroot */

static void must(int result, const char *what)
{
	if (result < 0)
		err(125, "%s", what);
}

/*
 * The new root has to be a mount, so it is bound to itself.  With "." for
 * both, the old root ends up on top of the new one, and is taken off.
 */
static void enter_root(void)
{
	must(mount(new_root, new_root, NULL, MS_BIND | MS_REC, NULL), new_root);
	must(chdir(new_root), new_root);
	if (is_chroot) {
		must(chroot("."), "chroot");
	} else {
		must((int)syscall(SYS_pivot_root, ".", "."), "pivot_root");
		must(umount2(".", MNT_DETACH), "unmount the old root");
	}
	must(chdir("/"), "chdir to the new root");
}

static void mount_new(const char *type, const char *target, unsigned long flags,
		      const char *data)
{
	mkdir(target, 0755); /* most images have it */
	must(mount(type, target, type, flags | MS_NOSUID, data), target);
}

/* Not the host's /dev: a disk or /dev/mem in it is a way out. */
static void make_dev(void)
{
	static const char *const by_minor[] = {
		[3] = "/dev/null",   [5] = "/dev/zero",    [7] = "/dev/full",
		[8] = "/dev/random", [9] = "/dev/urandom",
	};

	mount_new("tmpfs", "/dev", MS_STRICTATIME, "mode=755");
	umask(0);
	for (unsigned int i = 3; i <= 9; i++)
		if (by_minor[i])
			must(mknod(by_minor[i], S_IFCHR | 0666, makedev(1, i)),
			     by_minor[i]);
	umask(022);
	mount_new("devpts", "/dev/pts", MS_NOEXEC,
		  "newinstance,ptmxmode=666,mode=620,gid=5");
	must(symlink("pts/ptmx", "/dev/ptmx"), "/dev/ptmx");
	must(symlink("/proc/self/fd", "/dev/fd"), "/dev/fd");
	must(symlink("fd/0", "/dev/stdin"), "/dev/stdin");
	must(symlink("fd/1", "/dev/stdout"), "/dev/stdout");
	must(symlink("fd/2", "/dev/stderr"), "/dev/stderr");
}

/*
 * First the root, then what is mounted in it: so a link in the image leads
 * nowhere but inside.  Last, no descriptor of the caller's goes along: one of
 * a directory of the host would be a way out (CVE-2024-21626).
 */
static void inside(void)
{
	must(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL),
	     "make all mounts private");
	if (new_root)
		enter_root();
	mount_new("proc", "/proc", MS_NODEV | MS_NOEXEC, NULL);
	if (new_root) {
		mount_new("sysfs", "/sys", MS_RDONLY | MS_NODEV | MS_NOEXEC,
			  NULL);
		make_dev();
	}
	must((int)syscall(SYS_close_range, 3, UINT_MAX, 0),
	     "close descriptors");
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "rootfs", required_argument, NULL, 'r' },
		{ "jail", required_argument, NULL, 'j' },
		{ 0 },
	};
	struct clone_args args = { .flags = CLONE_NEWNS | CLONE_NEWPID,
				   .exit_signal = SIGCHLD };
	int option, status, alive[2];
	long child;

	while ((option = getopt_long(argc, argv, "+", options, NULL)) != -1) {
		if (option == 'r')
			new_root = optarg;
		else if (option == 'j' && strcmp(optarg, "chroot") == 0)
			is_chroot = 1;
		else if (option != 'j' || strcmp(optarg, "pivot") != 0)
			errx(2, "04 [--rootfs DIR] [--jail pivot|chroot] "
				"COMMAND...");
	}
	if (optind >= argc)
		errx(2, "04 [--rootfs DIR] [--jail pivot|chroot] COMMAND...");
	must(pipe2(alive, O_CLOEXEC), "make a pipe");
	child = syscall(SYS_clone3, &args, sizeof(args));
	must((int)child, "make a process in new namespaces");
	if (child == 0) {
		close(alive[1]);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		/* Had it died just before: nobody holds the other end. */
		if (poll(&(struct pollfd){ .fd = alive[0] }, 1, 0) != 0)
			_exit(125);
		inside();
		execvp(argv[optind], argv + optind);
		err(errno == ENOENT ? 127 : 126, "%s", argv[optind]);
	}
	signal(SIGINT, SIG_IGN); /* the command has it, and we wait for that */
	must(waitpid((pid_t)child, &status, 0), "wait for the command");
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
				   : WEXITSTATUS(status);
}
