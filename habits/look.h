/*
 * To look for what may not be there: three answers, not two.
 *
 *     1   it is there
 *     0   it is not: ENOENT; ESRCH for a process; ENODEV for a file of a
 *         group that has been removed
 *    -1   nobody knows: no descriptor is left, no right, no memory.  errno
 *         says why, and there is no message yet
 *
 * Who takes the third for the second lets a process run outside of its limits,
 * calls a container stopped that runs, and leaves behind what he should
 * remove.  So the answer is never a bool.
 */
#pragma once

#include <dirent.h>
#include <sys/types.h>

/* What a system call has answered, as one of the three. */
int look_answer(long result);

/* Is there a file of this name?  A link that leads nowhere is there. */
int look_for(int dir, const char *name);

/* Open it, close-on-exec; *fd becomes -1 if it is not there. */
int look_open(int dir, const char *name, int flags, int *fd);

/* The process by a descriptor, which never becomes another's. */
int look_process(pid_t pid, int *pidfd);

/*
 * When it was started, in clock ticks since boot: with that a number names one
 * process for ever.  `number` may be "self".  0 also for one that has ended and
 * that nobody has waited for: it has ticks, and one that is not there has none.
 */
int look_started(const char *number, unsigned long long *ticks);

/* Read a directory; *list becomes NULL if it is not there, or cannot be. */
int look_list(int dir, const char *name, DIR **list);

/* The next entry of a directory; 0: that was all of it. */
int look_next(DIR *list, struct dirent **entry);
