/* Mounts over a directory (the argument) that the host uses as well. */
#include <stdio.h>
#include <sys/mount.h>

int main(int argc, char **argv)
{
	if (argc == 2 && mount("owned", argv[1], "tmpfs", 0, NULL) == 0)
		return 0;
	perror("mountleak: mount");
	return 1;
}
