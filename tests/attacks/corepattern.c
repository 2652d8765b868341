/*
 * Has the host run a program of our choice, as root: what is in core_pattern
 * after a "|" is started by the kernel when any process dumps core, outside of
 * all namespaces.  The argument is that program's command line.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	const char *path = "/proc/sys/kernel/core_pattern";
	char pattern[128];
	int fd, status;

	if (argc != 2 || !getenv("ATTACK_THE_MACHINE"))
		return 2;
	snprintf(pattern, sizeof(pattern), "|%s", argv[1]);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 ||
	    write(fd, pattern, strlen(pattern)) != (ssize_t)strlen(pattern)) {
		perror("corepattern: write");
		return 1;
	}
	if (fork() == 0)
		abort();
	/* The kernel waits for that program before the process is gone. */
	wait(&status);
	return WIFSIGNALED(status) ? 0 : 1;
}
