/*
 * 05: a budget, in version 2 of cgroups.
 *
 * A group is a directory, a limit a line in one of its files.  The child is
 * born in the group (CLONE_INTO_CGROUP), so not even its first instruction is
 * without limits.  Afterwards the group is killed and removed: a directory
 * without processes is all that rmdir(2) takes.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <linux/sched.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char group[64]; /* its directory */
enum { MEMORY, CPUS, PIDS };
static const char *given[3]; /* by the user, or NULL */

static _Noreturn void fail(const char *what)
{
	warn("%s", what);
	rmdir(group);
	exit(125);
}

/* Errors come with write(2), so not stdio, which would hold them back. */
static int tell(const char *directory, const char *file, const char *value)
{
	char path[128];
	int fd, result;

	snprintf(path, sizeof(path), "%s/%s", directory, file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	result = fd < 0 ? -1 : (int)write(fd, value, strlen(value));
	if (fd >= 0)
		close(fd);
	return result;
}

static void limit(const char *file, const char *value)
{
	if (value && tell(group, file, value) < 0)
		fail(file);
}

/*
 * At the top of the tree, for below our own group it may not be: a group that
 * hands controllers down has no processes itself.
 */
static void make_group(void)
{
	const char *top = "/sys/fs/cgroup";
	char quota[64];

	if (access("/sys/fs/cgroup/unified/cgroup.procs", F_OK) == 0)
		top = "/sys/fs/cgroup/unified"; /* beside version 1 */
	tell(top, "cgroup.subtree_control", "+memory +cpu +pids");
	snprintf(group, sizeof(group), "%s/ten-steps-05.%d", top, getpid());
	if (mkdir(group, 0755) < 0)
		fail("make a group");
	limit("memory.max", given[MEMORY]);
	if (given[MEMORY] && tell(group, "memory.swap.max", "0") < 0 &&
	    errno != ENOENT) /* a kernel without swap has no such file */
		fail("memory.swap.max");
	limit("pids.max", given[PIDS]);
	if (given[CPUS]) { /* so many microseconds of each 100,000 */
		snprintf(quota, sizeof(quota), "%.0f 100000",
			 strtod(given[CPUS], NULL) * 100000);
		limit("cpu.max", quota);
	}
}

/* A fork bomb makes children faster than anybody kills them, but the kernel. */
static void remove_group(void)
{
	struct pollfd events = { .events = POLLPRI };
	char path[128], text[256] = "";

	tell(group, "cgroup.kill", "1");
	snprintf(path, sizeof(path), "%s/cgroup.events", group);
	events.fd = open(path, O_RDONLY | O_CLOEXEC);
	/* Killed is not gone: "populated 0" says when. */
	while (pread(events.fd, text, sizeof(text) - 1, 0) > 0 &&
	       strstr(text, "populated 1"))
		poll(&events, 1, -1);
	rmdir(group);
}

static int run(char **command)
{
	int directory = open(group, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int status, alive[2];
	struct clone_args args = {
		.flags = CLONE_NEWCGROUP | CLONE_INTO_CGROUP,
		.exit_signal = SIGCHLD,
		.cgroup = (unsigned int)directory,
	};
	long child;

	if (pipe2(alive, O_CLOEXEC) < 0 ||
	    (child = syscall(SYS_clone3, &args, sizeof(args))) < 0)
		fail("make a process in the group");
	if (child == 0) {
		close(alive[1]);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		/* Had it died just before: nobody holds the other end. */
		if (poll(&(struct pollfd){ .fd = alive[0] }, 1, 0) != 0)
			_exit(125);
		execvp(command[0], command);
		err(errno == ENOENT ? 127 : 126, "%s", command[0]);
	}
	signal(SIGINT, SIG_IGN); /* the command has it; we remove the group */
	waitpid((pid_t)child, &status, 0);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
				   : WEXITSTATUS(status);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "memory", required_argument, NULL, MEMORY },
		{ "cpus", required_argument, NULL, CPUS },
		{ "pids", required_argument, NULL, PIDS },
		{ 0 },
	};
	int option, status;

	while ((option = getopt_long(argc, argv, "+", options, NULL)) != -1) {
		if (option == '?')
			return 2;
		given[option] = optarg;
	}
	if (optind >= argc)
		return 2;
	make_group();
	status = run(argv + optind);
	remove_group();
	return status;
}
