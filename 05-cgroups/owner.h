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

#define OWNER_NAME 96

/*
 * Open and lock the directory that the things of all owners are in: for as
 * long as it is open, nobody else changes what is there.  It is made if
 * `create`.  Returns it, or -1 without a message; ENOENT: there is none.
 */
int owner_lock(int top, const char *name, mode_t mode, bool create);

/* PROGRAM.PID.STARTTIME, for people to read; new in the directory. */
void owner_name(int dir, char name[OWNER_NAME]);

/* Is it such a name?  Cuts it up: the program's name, and the process. */
bool owner_parse(char *name, const char **pid);
