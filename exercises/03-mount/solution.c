/*
 * 03: a mount table of its own, and the right /proc in it.
 *
 * The table is a copy, but its mounts are still peers of the host's where the
 * host shares them (every systemd machine): what is mounted in one appears in
 * the other.  So the first mount(2) makes all of them private.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <linux/mount.h>
#include <linux/sched.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* glibc's <sys/mount.h> and <linux/mount.h> did not go together before 2.37 */
extern int mount(const char *source, const char *target, const char *type,
		 unsigned long flags, const void *data);

#define WANTED_MAX 32

/* In the order of the command line: a later one may lie on an earlier. */
static struct wanted {
	int is_tmpfs;
	char *words; /* "/run/data:/mnt:ro", "/mnt:1m" */
} wanted[WANTED_MAX];

static void mount_tmpfs(char *words)
{
	char *target = strsep(&words, ":"), data[64] = "mode=1777";

	if (words)
		snprintf(data, sizeof(data), "mode=1777,size=%s", words);
	if (mount("tmpfs", target, "tmpfs", MS_NOSUID | MS_NODEV, data) < 0)
		err(125, "%s", target);
}

/*
 * MS_REC takes along what is mounted below the source.  A read-only remount
 * would change the top alone; mount_setattr(2) changes all of it.
 */
static void mount_bind(char *words)
{
	struct mount_attr read_only = { .attr_set = MOUNT_ATTR_RDONLY };
	char *source = strsep(&words, ":"), *target = strsep(&words, ":");

	if (mount(source, target, NULL, MS_BIND | MS_REC, NULL) < 0)
		err(125, "%s", target);
	if (words && syscall(SYS_mount_setattr, AT_FDCWD, target, AT_RECURSIVE,
			     &read_only, sizeof(read_only)) < 0)
		err(125, "make it read-only");
}

/* Each PID namespace has a /proc of its own, if somebody mounts it. */
static void change_mounts(void)
{
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		err(125, "make all mounts private");
	if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC,
		  NULL) < 0)
		err(125, "mount /proc");
	for (struct wanted *w = wanted; w->words; w++)
		w->is_tmpfs ? mount_tmpfs(w->words) : mount_bind(w->words);
}

static char **parse_options(int argc, char **argv)
{
	static const struct option options[] = {
		{ "mount", required_argument, NULL, 'm' },
		{ "tmpfs", required_argument, NULL, 't' },
		{ 0 },
	};
	int option, count = 0;

	while ((option = getopt_long(argc, argv, "+", options, NULL)) != -1) {
		if (option == '?')
			exit(2);
		if (count == WANTED_MAX - 1)
			errx(2, "too many mounts");
		if (option == 'm' && !strchr(optarg, ':'))
			errx(2, "--mount SOURCE:TARGET[:ro]");
		wanted[count++] = (struct wanted){ option == 't', optarg };
	}
	if (optind >= argc)
		errx(2, "no command given");
	return argv + optind;
}

int main(int argc, char **argv)
{
	struct clone_args args = { .flags = CLONE_NEWNS | CLONE_NEWPID,
				   .exit_signal = SIGCHLD };
	char **command = parse_options(argc, argv);
	int status, alive[2];
	long child;

	if (pipe2(alive, O_CLOEXEC) < 0)
		err(125, "make a pipe");
	child = syscall(SYS_clone3, &args, sizeof(args));
	if (child < 0)
		err(125, "make a process in new namespaces");
	if (child == 0) {
		close(alive[1]);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		/* Had it died just before: nobody holds the other end. */
		if (poll(&(struct pollfd){ .fd = alive[0] }, 1, 0) != 0)
			_exit(125);
		change_mounts();
		execvp(command[0], command);
		err(errno == ENOENT ? 127 : 126, "%s", command[0]);
	}
	/* Ctrl-C reaches the command by itself, and we wait for its end. */
	signal(SIGINT, SIG_IGN);
	if (waitpid((pid_t)child, &status, 0) < 0)
		err(125, "wait for the command");
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
				   : WEXITSTATUS(status);
}
