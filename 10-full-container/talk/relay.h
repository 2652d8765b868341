/*
 * Showing a container's terminal on one's own.
 *
 *     keyboard -> our terminal (raw) -> master => slave -> program
 *     screen   <- our terminal       <- master <= slave <-
 *
 * Raw: Ctrl-C is a byte to us; the container's terminal makes a signal of it.
 */
#pragma once

#include "01-uts/child.h"

/*
 * Copy in both directions until the child has ended and all that it wrote
 * has been shown.  Returns its exit status.
 */
int relay_run(struct child *child, int master);

/*
 * Until there is something to read from `channel`: show what is printed, by
 * hooks of the container.  -1 after a message: a signal has come.
 */
int relay_until(int channel, int master);
