#include "tests/runner/host.h"

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
static const char *const shown[] = { "BIN", "ROOTFS", "PROGRAM", "ATTACKS" };
#define SHOWN (sizeof(shown) / sizeof(char *))

/* Process 1 of the host: reap, and end with process 2. */
static void host_be_init(void)
{
	pid_t second = fork(), ended;
	int status;

	host_must(second, "fork");
	if (second == 0)
		return;
	while ((ended = wait(&status)) != second)
		if (ended < 0)
			_exit(1);
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

/* The directory of a path, as it can be mounted when that path is gone. */
static int host_take_directory_of(const char *path)
{
	char directory[PATH_MAX];

	snprintf(directory, sizeof(directory), "%s", path);
	*strrchr(directory, '/') = '\0';
	return host_take(directory[0] ? directory : "/");
}

/*
 * That directory again, on /mnt: a clone in a home of mode 0700 has programs
 * that an ordinary user cannot reach.
 */
static void host_show(const char *variable, const char *path, int directory)
{
	char place[PATH_MAX];

	snprintf(place, sizeof(place), "/mnt/%s", variable);
	host_must(mkdir(place, 0755), place);
	host_put(directory, place);
	snprintf(place, sizeof(place), "/mnt/%s%s", variable,
		 strrchr(path, '/'));
	host_must(setenv(variable, place, 1), variable);
}

static void host_mount(void)
{
	int directories[SHOWN];
	const char *path;

	for (size_t i = 0; i < SHOWN; i++)
		if ((path = getenv(shown[i])))
			directories[i] = host_take_directory_of(path);
	host_root_make();
	host_cgroups_mount();
	host_remember_machine();
	for (size_t i = 0; i < SHOWN; i++)
		if ((path = getenv(shown[i])))
			host_show(shown[i], path, directories[i]);
	host_must(mount(NULL, "/", NULL, MS_REC | MS_SHARED, NULL), "shared /");
}

static void host_loopback_up(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	host_must(fd, "a socket");
	host_must(ioctl(fd, SIOCSIFFLAGS, &request), "set lo up");
	close(fd);
}

void host_make(void)
{
	pid_t init;
	int status;

	host_must(unshare(CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC |
			  CLONE_NEWNET | CLONE_NEWPID),
		  "make a host of namespaces (run as root)");
	init = fork();
	host_must(init, "fork");
	if (init > 0) {
		waitpid(init, &status, 0);
		_exit(WIFEXITED(status) ? WEXITSTATUS(status)
					: 128 + WTERMSIG(status));
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	host_mount();
	host_must(sethostname("host", 4), "host name");
	host_loopback_up();
	host_be_init();
}
