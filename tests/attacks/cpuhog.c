/*
 * With a word, the witness: computes until SIGTERM and prints the share that it
 * got, in %.  It is on the host, beside the other one, who is held back only if
 * it got much less: on a machine where others compute both get little.
 *
 * Without: computes until it has used 300 ms of cpu time, five times over, and succeeds
 * if it always had more than a fifth of a cpu so far.  The limit it is tried
 * against is a twentieth; so even a busy machine tells the two apart.  Five
 * times, because an emulated machine counts the time that it waits itself: a
 * single turn can be longer than the first 300 ms.
 */
#include <signal.h>
#include <stdio.h>
#include <time.h>

#define USE 0.3

static double seconds(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static volatile sig_atomic_t is_enough;

static void enough(int signal)
{
	is_enough = signal;
}

static int witness(double start)
{
	signal(SIGTERM, enough);
	while (!is_enough)
		;
	printf("%.0f\n", 100 * seconds(CLOCK_PROCESS_CPUTIME_ID) /
				 (seconds(CLOCK_MONOTONIC) - start));
	return 0;
}

int main(int argc, char **argv)
{
	double start = seconds(CLOCK_MONOTONIC), share;

	(void)argv;
	if (argc > 1)
		return witness(start);

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
