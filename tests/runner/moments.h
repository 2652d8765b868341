/* kill -9 at every moment of a program's life. */
#pragma once

#include "tests/runner/run.h"

/*
 * Run the program again and again, and kill it as its first, its second, its
 * third ... system call returns, until it comes to its end first, or until the
 * command in the container prints "ready".  Each time all that holds the
 * program's output, so the whole container, has to end with it.  What else is
 * left is for the next run to remove.
 *
 * Returns how many moments there were.
 */
int dies_at_every_moment(const char *const words[]);

/*
 * Only once, and only the program: as this system call returns.  What it has
 * started may live on.  false: it came to its end before.
 */
bool killed_at(const char *const words[], int moment);
