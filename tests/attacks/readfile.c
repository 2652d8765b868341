/* Reads a file of the host (the argument). */
#include <fcntl.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	if (argc == 2 && open(argv[1], O_RDONLY | O_CLOEXEC) >= 0)
		return 0;
	perror("readfile: open");
	return 1;
}
