/*
 * The namespaces of a process that waits for `start`, handed out by itself.
 *
 * Who enters a namespace by way of a process (setns(2) with a pidfd, or
 * /proc/PID/ns) needs the right to trace that process.  One that waits is
 * hidden (harden.h): only the host's root has the right, not even the user
 * who made it.  But a process may always open its own, and a descriptor of a
 * namespace needs no more than rights in it.
 *
 *     exec                      process
 *      |  ---- namespaces? ----> |    at the socket where `start` knocks
 *      |  <--- a descriptor ---- |    one for each kind that is not the host's
 */
#pragma once

#include "10-full-container/spaces/namespaces.h"
#include "10-full-container/talk/state.h"

struct handout {
	int files[NAMESPACE_KINDS]; /* as in namespace_kinds; -1: the host's */
	bool is_wanted;             /* somebody might ask for it */
	bool is_there;              /* it has been handed out */
};

/*
 * In the process that is going to wait, while it has the host's /proc: open
 * its own of the kinds in `flags`, if wanted.  -1 after a message.
 */
int handout_open(struct handout *handout, int flags);

/*
 * In `exec`.  Without a message, and nothing is there, if the process does not
 * wait any more.
 */
void handout_ask(struct handout *handout, const struct state *state, int flags);

/* In who enters: those of the kinds in `flags`. */
int handout_enter(const struct handout *handout, int flags);

/* The descriptor of one of them, or -1. */
int handout_file(const struct handout *handout, int flag);

/*
 * In the process that waits for `start`, be it for days: the connection of who
 * has said that.  A signal that is to end it does.  -1: errno tells.
 */
int handout_await(const struct handout *handout, int start);
