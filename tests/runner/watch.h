/*
 * A test that hangs: everybody in it sleeps, and nobody is woken.
 *
 * No clock says so alone, for a busy machine only makes a test slow: somebody
 * then wants a processor.  But where all processes of a test sleep, and none
 * has run for a while, what they wait for does not come.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* How slow is this machine, now?  Once, before the first test. */
void watch_measure(void);

/* Wrong tests hang on purpose: they need not be waited for as long. */
void watch_be_short(void);

/*
 * Wait for the test that is below `pid`.  Its wait(2) status; if it hung, it
 * was killed, and `why` says for how long nothing happened and who waited.
 */
int watch_wait(pid_t pid, char *why, size_t size);

/* How long a single step may take, on this machine. */
int watch_patience_ms(void);
