/*
 * Computes until it has used 300 ms of cpu time, and succeeds if it had more
 * than a fifth of a cpu meanwhile.  The limit it is tried against is a
 * twentieth; so even a busy machine tells the two apart.
 */
#include <stdio.h>
#include <time.h>

#define USE 0.3

static double seconds(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int main(void)
{
	double start = seconds(CLOCK_MONOTONIC), elapsed;

	while (seconds(CLOCK_PROCESS_CPUTIME_ID) < USE)
		;
	elapsed = seconds(CLOCK_MONOTONIC) - start;
	if (USE / elapsed > 0.2)
		return 0;
	fprintf(stderr, "cpuhog: held back, got %.0f %% of a cpu\n",
		100 * USE / elapsed);
	return 1;
}
