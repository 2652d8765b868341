/*
 * What a killed `run` or `create` left behind.
 *
 * A container that was created stays until somebody deletes it: that is its
 * purpose.  But one that `run` would have deleted, or whose `create` did not
 * come to its end, has lost who was to care for it.  Their locks tell.
 */
#pragma once

#define SWEEP_FEW 32 /* as many as do not delay a start */

/*
 * Look at up to `most` states (0: at all of them), and delete those that
 * nobody owns any more.  Says what it deleted and returns how many; -1 after a
 * message if there was one that could not be looked at, or not be deleted.
 */
int sweep_states(const char *root, int most);
