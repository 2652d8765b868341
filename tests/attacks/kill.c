/* Kills a process of the host, whose id is the argument. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	if (argc == 2 && kill((pid_t)strtol(argv[1], NULL, 10), SIGKILL) == 0)
		return 0;
	perror("kill");
	return 1;
}
