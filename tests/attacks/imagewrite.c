/* Leaves a back door in the image (the argument) for the next container. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int fd = -1;

	if (argc == 2)
		fd = open(argv[1], O_WRONLY | O_APPEND | O_CLOEXEC);
	if (fd >= 0 && write(fd, "owned\n", 6) == 6)
		return 0;
	perror("imagewrite: open");
	return 1;
}
