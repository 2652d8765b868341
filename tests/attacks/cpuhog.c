/*
 * Computes until it has used 300 ms of cpu time, five times over, and succeeds
 * if it always had more than a fifth of a cpu so far.  The limit it is tried
 * against is a twentieth; so even a busy machine tells the two apart.  Five
 * times, because an emulated machine counts the time that it waits itself: a
 * single turn can be longer than the first 300 ms.
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
	double start = seconds(CLOCK_MONOTONIC), share;

	for (int i = 1; i <= 5; i++) {
		while (seconds(CLOCK_PROCESS_CPUTIME_ID) < i * USE)
			;
		share = i * USE / (seconds(CLOCK_MONOTONIC) - start);
		if (share > 0.2)
			continue;
		fprintf(stderr, "cpuhog: held back, got %.0f %% of a cpu\n",
			100 * share);
		return 1;
	}
	return 0;
}
