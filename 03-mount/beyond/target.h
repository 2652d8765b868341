/*
 * What if there is nothing to mount on?
 */
#pragma once

/*
 * In the child, in a root of its own: make `target` if it is missing, a
 * directory or an empty file as `mount` is one, and the directories above it.
 */
int target_make(const char *target, int mount);
