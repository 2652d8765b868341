/* The end of a container. */
#pragma once

#include "10-full-container/life/container.h"

/*
 * Remove all that belongs to the container, whose state is open and locked;
 * what still runs in it is killed.  Then its poststop hooks run.
 */
int delete_all(struct container *container);

/*
 * Kill the container's first process, if it is that, and wait for its end; one
 * that is gone already is no error.  See pidfd_open(2), Linux 5.3.
 */
int delete_kill_first(const struct state *state);

/*
 * What a killed `run` or `create` left behind.  A container that was created
 * stays until somebody deletes it: that is its purpose.  But one that `run`
 * would have deleted, or whose `create` did not come to its end, has lost who
 * was to care for it.  Their locks tell.
 */
#define SWEEP_FEW 32 /* as many as do not delay a start */

/*
 * Look at up to `most` states (0: at all of them), and delete those that
 * nobody owns any more.  Says what it deleted and returns how many; -1 after a
 * message if there was one that could not be looked at, or not be deleted.
 */
int sweep_states(const char *root, int most);

/*
 * The group of one whose state cannot be believed (talk/damage.h): where it is
 * the copy of config.json says as well.  Into what is left of state.json, if
 * its group is not; says nothing.
 */
void lost_group_find(json_t *json, int dir, const char *id);
