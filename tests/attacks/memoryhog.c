/* Takes 200 MiB of memory, page by page. */
#include <stdio.h>
#include <stdlib.h>

#define STEP  (1024 * 1024)
#define TOTAL 200

int main(void)
{
	for (int i = 0; i < TOTAL; i++) {
		char *memory = malloc(STEP);

		for (int at = 0; memory && at < STEP; at += 4096)
			((volatile char *)memory)[at] = 1;
		if (!memory) {
			perror("memoryhog: malloc");
			return 1;
		}
	}
	return 0;
}
