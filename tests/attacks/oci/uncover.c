/*
 * uncover FILE: umount the own root, enter the own mount namespace anew, and
 * read a file of what was below.  It takes CAP_SYS_ADMIN and CAP_SYS_CHROOT.
 */
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>

int main(int argc, char **argv)
{
	int own = open("/proc/self/ns/mnt", O_RDONLY);
	char line[256];
	FILE *file;

	if (argc != 2 || umount2("/", MNT_DETACH) < 0 ||
	    setns(own, CLONE_NEWNS) < 0)
		return 1;
	file = fopen(argv[1], "r");
	if (!file || !fgets(line, sizeof(line), file))
		return 1;
	fputs(line, stdout);
	return 0;
}
