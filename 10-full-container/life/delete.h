/* The end of a container. */
#pragma once

#include "10-full-container/life/container.h"

/*
 * Remove all that belongs to the container, whose state is open and locked;
 * what still runs in it is killed.  Then its poststop hooks run.
 */
int container_delete(struct container *container);

/*
 * Kill the container's first process, if it is that, and wait for its end; one
 * that is gone already is no error.  See pidfd_open(2), Linux 5.3.
 */
int delete_kill_first(const struct state *state);
