/*
 * A seccomp filter by which the kernel itself decides whether a call is one
 * that we want to see: all others run at full speed.
 */
#pragma once

#include <stdbool.h>

/* By this a stop is known as ours, and not of a filter of the program. */
#define STOP_FILTER_DATA 0x7e57

/*
 * In the child, before it becomes the program.  Each call of calls.c then
 * waits for the one who traces; without one it would fail with ENOSYS.
 * `*is_weak`: we are not root, so no program can get rights by setuid.
 * -1 with errno.
 */
int stop_filter_load(bool *is_weak);
