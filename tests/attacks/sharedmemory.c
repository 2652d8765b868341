/*
 * Writes to a System V shared memory segment of the host, whose id is the
 * argument.  These have no file name, so no root directory hides them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/shm.h>

int main(int argc, char **argv)
{
	char *memory = (char *)-1;

	if (argc == 2)
		memory = shmat((int)strtol(argv[1], NULL, 10), NULL, 0);
	if (memory == (char *)-1) {
		perror("sharedmemory: shmat");
		return 1;
	}
	strcpy(memory, "owned");
	return 0;
}
