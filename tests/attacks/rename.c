/* Renames the host. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(void)
{
	if (sethostname("owned", strlen("owned")) == 0)
		return 0;
	perror("rename: sethostname");
	return 1;
}
