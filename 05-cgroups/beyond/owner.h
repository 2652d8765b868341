/*
 * Who owns what outlives a killed program, and is the owner dead?
 *
 * The kernel keeps a cgroup directory, a file, an interface until somebody
 * removes it.  So each program first removes those whose owner is dead.  A
 * process number would not tell: it is used again, and it differs from one
 * PID namespace to the next.  A lock tells: the owner holds flock(2) on what
 * it made, and the kernel drops it when the owner ends, however that happens.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "habits/error.h"

#define OWNER_NAME 96

/*
 * Open and lock the directory that the things of all owners are in: for as
 * long as it is open, nobody else changes what is there.  It is made if
 * `create`.  Returns it, or -1 without a message; ENOENT: there is none;
 * ETIMEDOUT: that has been said.  Others must not be able to open it, since
 * who can open it can hold the lock.
 */
int owner_lock(int top, const char *name, mode_t mode, bool create);

/* The same, of the directory that says whose the groups are: see own.h. */
int owner_lock_groups(bool create);
void owner_unlock_groups(int dir); /* it goes if nothing is in it */

/*
 * Wait for the lock of `fd`, which is that of `what`.  Not for ever: -1 after
 * a message that says who holds it, with ETIMEDOUT.
 */
int owner_wait(int fd, const char *what);

/*
 * Is what `fd` has opened the caller's own, and can nobody else write to it?
 * Only then it says what others cannot have said.
 */
bool owner_is_us(int fd);

/* The same; -1 after a message, with EPERM. `path` is what it is called. */
int owner_check(int fd, const char *path);

/*
 * Open a file to write to, which is made if it is not there.  -1 with errno,
 * also for what would make us wait: a pipe that nobody reads (ENXIO).  ELOOP:
 * a link that another user, who is not root, has put there.
 */
int owner_open_output(const char *path, int flags, mode_t mode);
extern const struct hint owner_output_hints[];

/* PROGRAM.PID.STARTTIME, for people to read; new in the directory. */
void owner_name(int dir, char name[OWNER_NAME]);

/* Is it such a name?  Cuts it up: the program's name, and the process. */
bool owner_parse(char *name, const char **pid);
