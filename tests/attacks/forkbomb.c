/* Starts 100 processes that stay; a real one would not stop there. */
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

#define TOTAL 100

int main(void)
{
	for (int i = 0; i < TOTAL; i++) {
		pid_t child = fork();

		if (child == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			pause();
			_exit(0);
		}
		if (child < 0) {
			perror("forkbomb: fork");
			return 1;
		}
	}
	return 0;
}
