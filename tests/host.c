#include "tests/host.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* What tests use of the machine, by the variable that names it. */
static const char *const shown[] = { "BIN", "ROOTFS", "PROGRAM" };
#define SHOWN (sizeof(shown) / sizeof(char *))

static void must(int result, const char *what)
{
	if (result >= 0)
		return;
	fprintf(stderr, "tests: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* Process 1 of the host: reap, and end with process 2. */
static void host_be_init(void)
{
	pid_t second = fork(), ended;
	int status;

	must(second, "fork");
	if (second == 0)
		return;
	while ((ended = wait(&status)) != second)
		if (ended < 0)
			_exit(1);
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

/* The directory of a path, opened: it may soon be covered. */
static int host_open_directory_of(const char *path)
{
	char directory[PATH_MAX];
	int fd;

	snprintf(directory, sizeof(directory), "%s", path);
	*strrchr(directory, '/') = '\0';
	fd = open(directory[0] ? directory : "/", O_PATH | O_DIRECTORY);
	must(fd, directory);
	return fd;
}

/*
 * That directory again, on /mnt: a clone in a home of mode 0700 has programs
 * that an ordinary user cannot reach.
 */
static void host_show(const char *variable, const char *path, int directory)
{
	char from[64], place[PATH_MAX];

	snprintf(place, sizeof(place), "/mnt/%s", variable);
	snprintf(from, sizeof(from), "/proc/self/fd/%d", directory);
	must(mkdir(place, 0755), place);
	must(mount(from, place, NULL, MS_BIND | MS_REC, NULL), path);
	close(directory);
	snprintf(place, sizeof(place), "/mnt/%s%s", variable,
		 strrchr(path, '/'));
	must(setenv(variable, place, 1), variable);
}

static void host_mount(void)
{
	int directories[SHOWN];
	const char *path;

	for (size_t i = 0; i < SHOWN; i++)
		if ((path = getenv(shown[i])))
			directories[i] = host_open_directory_of(path);
	must(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), "private /");
	must(mount("tmpfs", "/run", "tmpfs", MS_NOSUID, "mode=755"), "/run");
	must(mount("tmpfs", "/mnt", "tmpfs", MS_NOSUID, "mode=755"), "/mnt");
	must(mount("proc", "/proc", "proc", 0, NULL), "/proc");
	host_cgroups_mount();
	for (size_t i = 0; i < SHOWN; i++)
		if ((path = getenv(shown[i])))
			host_show(shown[i], path, directories[i]);
	must(mount(NULL, "/", NULL, MS_REC | MS_SHARED, NULL), "shared /");
}

static void host_loopback_up(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	must(fd, "a socket");
	must(ioctl(fd, SIOCSIFFLAGS, &request), "set lo up");
	close(fd);
}

void host_make(void)
{
	pid_t init;
	int status;

	must(unshare(CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNET |
		     CLONE_NEWPID),
	     "make a host of namespaces (run as root)");
	init = fork();
	must(init, "fork");
	if (init > 0) {
		waitpid(init, &status, 0);
		_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	host_mount();
	must(sethostname("host", 4), "host name");
	host_loopback_up();
	host_be_init();
}
