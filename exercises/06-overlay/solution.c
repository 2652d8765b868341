/*
 * 06: a root of layers, which nothing changes.
 *
 * One mount(2) shows several directories as one.  Whatever is written goes to
 * the upper directory, whatever is deleted becomes a mark in it.  It lies on a
 * tmpfs of our own, and is gone with us; with --upper it is the user's.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <getopt.h>
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
#include <sys/wait.h>
#include <unistd.h>

#define LAYERS_MAX 100
#define PLACE      "/tmp" /* our tmpfs covers it, in our mount table only */

static const char *layers[LAYERS_MAX]; /* the lowest first */
static int layer_count;
static const char *upper; /* --upper, or NULL */
static char work[4096];   /* beside it: for the kernel's use, then removed */

static void must(int result, const char *what)
{
	if (result < 0)
		err(125, "%s", what);
}

static int open_directory(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	must(fd, path);
	return fd;
}

/*
 * All directories are opened before PLACE covers one of them.  And a number in
 * /proc/self/fd is a short path, without the ":" and "," that a name may have.
 */
static void mount_overlay(void)
{
	char options[4096] = "lowerdir=";
	size_t used = strlen(options);
	int upper_fd, work_fd;

	for (int i = layer_count - 1; i >= 0; i--) /* the topmost first */
		used += (size_t)snprintf(options + used, 32, "%d%s",
					 open_directory(layers[i]),
					 i ? ":" : "");
	upper_fd = upper ? open_directory(upper) : -1;
	work_fd = upper ? open_directory(work) : -1;
	must(mount("tmpfs", PLACE, "tmpfs", 0, "mode=755"), "mount a tmpfs");
	must(mkdir(PLACE "/root", 0755), "make a mount point");
	if (!upper) {
		mkdir(PLACE "/upper", 0755);
		mkdir(PLACE "/work", 0755);
		upper_fd = open_directory(PLACE "/upper");
		work_fd = open_directory(PLACE "/work");
	}
	snprintf(options + used, 64, ",upperdir=%d,workdir=%d", upper_fd,
		 work_fd);
	must(chdir("/proc/self/fd"), "/proc/self/fd");
	must(mount("overlay", PLACE "/root", "overlay", 0, options),
	     "mount the overlay");
}

/* As in 04: the overlay is the root, and nothing of the old one is left. */
static void inside(void)
{
	must(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL),
	     "make all mounts private");
	mount_overlay();
	must(chdir(PLACE "/root"), "enter the overlay");
	must((int)syscall(SYS_pivot_root, ".", "."), "pivot_root");
	must(umount2(".", MNT_DETACH), "unmount the old root");
	must(mount("proc", "/proc", "proc", 0, NULL), "mount /proc");
}

static int run(char **command)
{
	struct clone_args args = { .flags = CLONE_NEWNS | CLONE_NEWPID,
				   .exit_signal = SIGCHLD };
	int status, alive[2];
	long child;

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
		execvp(command[0], command);
		err(errno == ENOENT ? 127 : 126, "%s", command[0]);
	}
	signal(SIGINT, SIG_IGN); /* the command has it, and we wait for that */
	must(waitpid((pid_t)child, &status, 0), "wait for the command");
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
				   : WEXITSTATUS(status);
}

static int remove_one(const char *path, const struct stat *status, int type,
		      struct FTW *place)
{
	return (void)status, (void)type, (void)place, remove(path);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "layer", required_argument, NULL, 'l' },
		{ "upper", required_argument, NULL, 'u' },
		{ 0 },
	};
	int option, status;

	while ((option = getopt_long(argc, argv, "+", options, NULL)) != -1) {
		if (option == 'l' && layer_count < LAYERS_MAX)
			layers[layer_count++] = optarg;
		else if (option == 'u')
			upper = optarg;
		else
			return 2;
	}
	if (optind >= argc || layer_count == 0)
		return 2;
	if (!upper)
		return run(argv + optind);
	/* On the same filesystem: a file goes from there to upper by rename. */
	snprintf(work, sizeof(work), "%s.work", upper);
	must(mkdir(work, 0700), work);
	status = run(argv + optind);
	must(nftw(work, remove_one, 8, FTW_DEPTH | FTW_PHYS), work);
	return status;
}
