/*
 * The curve of runc 1.3.2 and crun 1.23, through both ends and the default:
 *
 *     weight = ceil(10 ^ ((L * L + 125 * L - 126) / 612)), L = log2(shares)
 *
 * (Older ones drew a straight line, and made 39 of the default.)  It is asked
 * the other way round: which weight is the first whose logarithm is not below.
 * So there is nothing to be raised to a power, and no rounding at the points
 * that must be met exactly.
 */
#include "05-cgroups/beyond/weight.h"

#define SHARES_MIN     2
#define SHARES_MAX     262144
#define CPU_WEIGHT_MAX 10000
#define LOG2_OF_10     3.321928094887362348
#define LOG2_DIGITS    48 /* after the point: as many as a double is good for */

/* n is 1 or more.  To square a number doubles its logarithm: a digit more. */
static double weight_log2(long long n)
{
	double rest = (double)n, digit = 1, log = 0;

	while (rest >= 2) {
		rest /= 2;
		log++;
	}
	for (int i = 0; i < LOG2_DIGITS; i++) {
		rest *= rest;
		digit /= 2;
		if (rest >= 2) {
			rest /= 2;
			log += digit;
		}
	}
	return log;
}

long long cgroup_weight(long long shares)
{
	long long low = 1, high = CPU_WEIGHT_MAX;
	double log, least;

	if (shares < SHARES_MIN)
		shares = SHARES_MIN;
	if (shares > SHARES_MAX)
		shares = SHARES_MAX;
	log = weight_log2(shares);
	/* A little less, for the errors of what is exactly the same. */
	least = (log * log + 125 * log - 126) * LOG2_OF_10 - 1e-9;
	while (low < high) {
		long long middle = (low + high) / 2;

		if (612 * weight_log2(middle) >= least)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

long long cgroup_shares(long long weight)
{
	long long low = SHARES_MIN, high = SHARES_MAX;

	while (low < high) {
		long long middle = (low + high + 1) / 2;

		if (cgroup_weight(middle) <= weight)
			low = middle;
		else
			high = middle - 1;
	}
	return low;
}
