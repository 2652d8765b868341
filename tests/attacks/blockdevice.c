/*
 * Opens a block device of the host (the first loop device, with nothing in it)
 * through a node that it makes itself.  The argument is where.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int fd;

	if (argc != 2)
		return 2;
	unlink(argv[1]);
	if (mknod(argv[1], S_IFBLK | 0600, makedev(7, 0)) < 0) {
		perror("blockdevice: mknod");
		return 1;
	}
	fd = open(argv[1], O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		perror("blockdevice: open");
	unlink(argv[1]);
	return fd < 0;
}
