/*
 * Looks through its descriptors for a directory of the host that somebody
 * forgot to close (CVE-2024-21626), and reads a file there (the argument).
 */
#include <fcntl.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	for (int fd = 3; argc == 2 && fd < 1024; fd++)
		if (openat(fd, argv[1], O_RDONLY | O_CLOEXEC) >= 0)
			return 0;
	fprintf(stderr, "leakedfd: no descriptor leads out\n");
	return 1;
}
