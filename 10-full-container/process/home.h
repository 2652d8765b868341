/* Variables that config.json does not have: HOME, which the kernel knows
   nothing of. */
#pragma once

#include "10-full-container/process/process.h"

/*
 * In the container's root: if the process has no HOME, set it to what the
 * root's /etc/passwd has for the user, or to "/".
 */
int home_set(struct process *process, int root);

/* One more variable, behind all others: the last of a name counts. */
int home_add(struct process *process, const char *name, const char *value);
