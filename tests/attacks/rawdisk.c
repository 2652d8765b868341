/*
 * Reads the host's disk past its file system, through a device node that it
 * makes itself (not in /tmp, which may be nodev).  The arguments are the disk's major and minor number.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* ext4 keeps 0xEF53 at byte 56 of its superblock, which is at byte 1024. */
#define MAGIC_AT (1024 + 56)

int main(int argc, char **argv)
{
	const char *path = "/var/tmp/rawdisk";
	unsigned char magic[2];
	int fd;

	if (argc != 3 || !getenv("ATTACK_THE_MACHINE"))
		return 2;
	unlink(path);
	if (mknod(path, S_IFBLK | 0600,
		  makedev((unsigned)strtoul(argv[1], NULL, 10),
			  (unsigned)strtoul(argv[2], NULL, 10)))) {
		perror("rawdisk: mknod");
		return 1;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC);
	unlink(path);
	if (fd >= 0 && pread(fd, magic, 2, MAGIC_AT) == 2 &&
	    memcmp(magic, "\x53\xef", 2) == 0)
		return 0;
	perror("rawdisk: open");
	return 1;
}
