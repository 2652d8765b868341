/*
 * IPC namespace: message queues, semaphores and shared memory of its own.
 *
 * System V's objects (ipcs(1)) and POSIX message queues are found by a key
 * or a name, not by a file.  So no mount namespace hides them: whoever
 * guesses the number can attach another program's memory.  In a new IPC
 * namespace there are none, and they end with it.
 *
 * CLONE_NEWIPC makes it.  What is left to do is to mount the file system
 * that shows the POSIX queues, because a mount shows those of the namespace
 * it was made in.
 */
#pragma once

#include <stdbool.h>

#include "03-mount/mounts.h"

/*
 * What to mount in the child: /dev/mqueue, in a root of its own or where the
 * host has it too.
 */
struct mount *ipc_mounts(bool own_root);
