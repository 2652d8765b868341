/*
 * A process in new namespaces, and the two processes' meeting point.
 *
 * clone3(2) makes a child that already lives in new namespaces.  Some things
 * about it only the parent can do, from outside (later stages: put it in a
 * cgroup, give it a network cable).  So the child first waits at a gate:
 *
 *     parent   child_start ----- prepare ----- child_run . . . . . status
 *                   \                               | opens      ^
 *     child          inside(): child_wait_gate . . . * ... exec ... exit
 *
 * If the parent dies, the kernel kills the child (PR_SET_PDEATHSIG), so a
 * container never outlives the program that made it.
 */
#pragma once

#include <linux/sched.h>
#include <sys/types.h>

struct child {
	pid_t pid;
	int gate; /* the parent's end; closing it unopened stops the child */
};

/*
 * In the parent, before there is a child: hold back the signals that would end
 * this process, so that it can clean up first (child_run() passes them on).
 * Before anything is opened or made.
 */
void child_hold_signals(void);

/*
 * In the parent: start `inside(argument)` in a new process; its return value
 * becomes the exit status.  `args` is the kernel's own struct: flags says which
 * new namespaces.  A flag that the kernel refuses is an error.
 * Returns 0, or -1 after a message.  See clone3(2), Linux 5.3.
 */
int child_start(struct child *child, struct clone_args *args,
		int (*inside)(void *), void *argument);

/* In the child: wait until the parent has done its part.  -1: it gave up. */
int child_wait_gate(void);

/*
 * In the child: die with the parent.  The kernel forgets this on a change of
 * user id (prctl(2)), so it is called again after one.  -1: it is dead already.
 */
int child_die_with_parent(void);

/* In the child: become the command.  Returns 126 or 127, or not at all. */
int child_exec(char **command);

/*
 * In the parent: open the gate, pass signals on, wait for the end.
 * Returns the command's exit status, 128 + N if signal N ended it.
 */
int child_run(struct child *child);

/* In the parent: give up on a child at the gate.  Returns EXIT_SETUP. */
int child_abandon(struct child *child);

/* On either side: wait(2)'s status as a shell says it: 128 + N for signal N. */
int child_status(int wait_status);
