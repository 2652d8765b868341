/*
 * What a process is to find: pipes that are its user's, and its directory.
 */
#pragma once

#include <sys/types.h>

#include "10-full-container/process/process.h"

/*
 * Many programs open /dev/stdout anew, and a pipe belongs to who made it: those
 * among 0, 1 and 2 become this user's.  With a user namespace that takes the
 * parent, who is root outside.
 */
int provide_pipes(uid_t owner);

/* While the root can be written to: the working directory, if missing. */
int provide_cwd(const struct process *process, int root);
