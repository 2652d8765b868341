/*
 * The socket by which a program says that it is ready: sd_notify(3).
 *
 * systemd, for a service of Type=notify, names one in NOTIFY_SOCKET.  A
 * container is not given that: who has it tells systemd what he likes.  It
 * gets one of its own, in a tmpfs on /run/notify, and who starts the program
 * passes on one word of what comes there.
 *
 *     create            the process                 start, or run
 *     socket  ------->  binds it inside, waits
 *                       its descriptor  --------->  READY=1 came: says so, and
 *                                                   which process it is
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

/* Is there somebody whom we could tell? */
bool notify_is_wanted(void);

/* Until it came, or the process has ended.  -1 after a message. */
int notify_pass_on(int socket, pid_t pid, int pidfd);

/* For `run`, in a process beside it: 0 if there is nothing to be told. */
pid_t notify_begin(int socket, pid_t pid);
void notify_end(pid_t teller);
