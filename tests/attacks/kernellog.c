/*
 * Looks for a secret (the argument) in the kernel's log, through a node of
 * /dev/kmsg that it makes itself.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	const char *path = "/var/tmp/kernellog";
	char record[8192];
	ssize_t length;
	int fd;

	if (argc != 2 || !getenv("ATTACK_THE_MACHINE"))
		return 2;
	unlink(path);
	if (mknod(path, S_IFCHR | 0600, makedev(1, 11))) {
		perror("kernellog: mknod");
		return 1;
	}
	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	unlink(path);
	/* Each read is one record; EPIPE: it was overwritten meanwhile. */
	while (fd >= 0 &&
	       ((length = read(fd, record, sizeof(record) - 1)) > 0 ||
		errno == EPIPE)) {
		record[length > 0 ? length : 0] = '\0';
		if (strstr(record, argv[1]))
			return 0;
	}
	perror("kernellog: open or read");
	return 1;
}
