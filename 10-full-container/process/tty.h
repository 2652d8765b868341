/*
 * A terminal for the container.
 *
 * A pseudoterminal is two ends of one thing: what is written to the master
 * comes out of the slave as if typed.  The slave is made in the container's
 * own devpts, so that tty(1) finds it there; the master has to get out to
 * somebody who shows it, an engine or `run`, through a socket.
 */
#pragma once

#include "10-full-container/process/process.h"

/*
 * In the child, which has a session of its own: make a terminal in the root
 * file system `root`, send its master through the socket `console`, and make
 * the slave standard input, output and error.  With `is_console` it becomes
 * /dev/console, too.
 */
int tty_setup(const struct process *process, int root, int console,
	      bool is_console);

/*
 * Where the master is to go: to the engine's socket, or if `run` or `exec`
 * shows it itself, through the channel: then *console stays -1.  `who` is for
 * the message, if nobody is there to show it.
 */
int tty_choose(struct process *process, const char *path, bool is_attached,
	       const char *who, int *console);
