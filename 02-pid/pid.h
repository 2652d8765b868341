/*
 * PID namespace: process ids that start again at 1.
 *
 * The first process of the namespace is its init.  It has three duties that
 * an ordinary program does not know of:
 *
 *   - orphans become its children, and stay zombies until it waits for them;
 *   - a signal it has no handler for is ignored, even SIGTERM and Ctrl-C,
 *     and SIGKILL from inside: only the parent namespace can kill it;
 *   - when it ends, the kernel kills every process of the namespace.
 */
#pragma once

#include "habits/options.h"

struct pid {
	bool init; /* put a minimal init in front of the command */
};

extern const struct option_entry pid_options[];

/*
 * In the child, which is PID 1: become the command, or with `init` stay
 * PID 1 and run the command as a child.  Returns the exit status, if at all.
 * See pid_namespaces(7).
 */
int pid_run(const struct pid *pid, char **command);
