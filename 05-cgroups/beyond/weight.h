/*
 * The two scales of a group's share of the cpu: v1's shares, 2 to 262144, and
 * v2's weight, 1 to 10000.  1024 and 100 are the defaults, and the same.
 */
#pragma once

long long cgroup_weight(long long shares);

/* The most shares that have this weight. */
long long cgroup_shares(long long weight);
