/*
 * Is the parent still there?
 *
 * PR_SET_PDEATHSIG tells of a death that comes.  One that has been is seen at
 * a witness: a descriptor that is readable from then on.  Of a process that is
 * its pidfd.  (getppid(2) says nothing inside a new PID namespace: there the
 * parent is 0, dead or alive.)
 */
#pragma once

#include <sys/types.h>

/* In the parent, `pid`: have a witness of it, which the child inherits. */
int parent_watch(pid_t pid);
/* In the parent: the child has it now. */
void parent_forget(void);

/* In the child: 0, or -1 if the parent is dead. */
int parent_is_there(void);

/*
 * In the child: another witness, such as a socket whose other end the parent
 * has.  On which nothing more comes, or it would be readable before its end.
 */
void parent_watch_by(int witness);
