/* The host that tests run on, and what it looks like. */
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/helpers.h"
#include "tests/runner.h"

static _Noreturn void die(const char *what)
{
	perror(what);
	exit(1);
}

static void must(int result, const char *what)
{
	if (result < 0)
		die(what);
}

/* Process 1 of the host: reap, and end with the runner. */
static void be_init(void)
{
	pid_t runner = fork(), ended;
	int status;

	must(runner, "tests: fork");
	if (runner == 0)
		return;
	while ((ended = wait(&status)) != runner)
		if (ended < 0)
			exit(1);
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

/*
 * The directory around the one that a variable names, on /mnt: a clone in a
 * home of mode 0700 has programs that an ordinary user cannot reach.
 */
static void host_show(const char *variable)
{
	char path[PATH_MAX], place[64], *name, *old = getenv(variable);

	snprintf(path, sizeof(path), "%s", old ? old : "");
	name = strrchr(path, '/');
	if (!name || name == path)
		return;
	*name++ = '\0';
	snprintf(place, sizeof(place), "/mnt/%s", variable);
	must(mkdir(place, 0755), place);
	must(mount(path, place, NULL, MS_BIND | MS_REC, NULL), path);
	snprintf(path, sizeof(path), "%s/%s", place, name);
	must(setenv(variable, path, 1), variable);
}

void host_make(void)
{
	pid_t init;
	int status;

	must(unshare(CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNET |
		     CLONE_NEWPID),
	     "tests: make a host of namespaces (run as root)");
	init = fork();
	must(init, "tests: fork");
	if (init > 0) {
		waitpid(init, &status, 0);
		exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	must(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), "private /");
	must(mount("tmpfs", "/run", "tmpfs", MS_NOSUID, "mode=755"), "/run");
	must(mount("tmpfs", "/mnt", "tmpfs", MS_NOSUID, "mode=755"), "/mnt");
	must(mount("proc", "/proc", "proc", 0, NULL), "/proc");
	host_show("BIN");
	host_show("ROOTFS");
	must(mount(NULL, "/", NULL, MS_REC | MS_SHARED, NULL), "shared /");
	must(sethostname("host", 4), "host name");
	must(system("ip link set lo up"), "lo");
	be_init();
}

/*
 * Cgroups are the one thing that cannot be made private here.  Groups whose
 * owner holds the lock belong to somebody else who uses the kit right now.
 */
static const char snapshot_script[] =
	"echo \"host name: $(hostname) $(cat /proc/sys/kernel/domainname)\"\n"
	"cut -d' ' -f4- /proc/self/mountinfo | sed 's/shared:[0-9]*//g'\n"
	"ip -o link 2>/dev/null | cut -d: -f2\n"
	"nft list tables 2>/dev/null\n"
	"cat /proc/sys/net/ipv4/ip_forward\n"
	"find /run /mnt -mindepth 1 -xdev -not -path '/run/mount*' | sort\n"
	"ipcs -a 2>/dev/null | grep 0x\n"
	"for p in /proc/[0-9]*; do cat $p/comm 2>/dev/null; done | sort | "
	"grep -v -x -e sh -e cat -e find -e sort -e grep -e sed -e cut -e ip "
	"-e nft -e hostname -e flock\n"
	"find /sys/fs/cgroup -type d -path '*ten-steps/*' 2>/dev/null | "
	"while read -r group; do\n"
	"  flock -n \"$group\" true 2>/dev/null && echo \"left: $group\"\n"
	"done\n"
	"true\n";

char *host_snapshot(void)
{
	return shell("%s", snapshot_script);
}
