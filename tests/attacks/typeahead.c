/*
 * Types a line into the terminal that it was started from (TIOCSTI): the
 * host's shell will read and run it when the container has ended.  With the
 * argument "count": how many bytes wait to be read there, as exit status.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

int main(int argc, char **argv)
{
	int waiting = 0;

	if (argc != 2 || !getenv("ATTACK_THE_MACHINE"))
		return 2;
	if (strcmp(argv[1], "count") == 0) {
		ioctl(0, FIONREAD, &waiting);
		return waiting;
	}
	for (const char *c = argv[1]; *c; c++)
		if (ioctl(0, TIOCSTI, c)) {
			perror("typeahead: TIOCSTI");
			return 1;
		}
	return ioctl(0, TIOCSTI, "\n") ? 1 : 0;
}
