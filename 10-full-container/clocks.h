/*
 * Time namespace: clocks that started at another moment.
 *
 * Two clocks can be shifted: the one that counts since boot, which uptime(1)
 * shows, and the monotonic one that time-outs are measured with.  A program
 * moved to another machine then does not see them jump.  The date is the
 * same for all.
 *
 * The shift can only be set while nobody is in the namespace, and clone3(2)
 * makes it with somebody in it.  Hence the detour, which no other namespace
 * needs: unshare (only *children* will be in the new one), write, then clone.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "habits/options.h"

struct clock_offset {
	int64_t seconds;
	uint32_t nanoseconds;
};

struct clocks {
	bool own; /* a time namespace, though no clock be shifted */
	struct clock_offset monotonic, boottime;
};

extern const struct option_entry clocks_options[];

/*
 * The file that the offsets are written to.  For who hides before that: the
 * file is root's then.  -1: it cannot be opened, or is not needed.
 */
int clocks_open(const struct clocks *clocks);

/*
 * In the parent: children started from now on have these clocks.  `file` is
 * from clocks_open(), and closed.  Linux 5.6; needs CAP_SYS_TIME.  See
 * time_namespaces(7).
 */
int clocks_setup(const struct clocks *clocks, int file);

/*
 * In the child, instead: a user namespace gives the right to have clocks
 * only to those in it.  The process itself moves over, with setns(2).  To
 * be called before userns_enter(): after a change of user id the files in
 * /proc/self are not the process's own.
 */
int clocks_enter(const struct clocks *clocks);
