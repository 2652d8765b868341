/* A file that tells an engine the number of a process. */
#pragma once

#include <sys/types.h>

/* Before there is a process: may this be the file?  path may be NULL. */
int pid_file_check(const char *path);

/* Write it so that a reader sees all of it or none.  path may be NULL. */
int pid_file_write(const char *path, pid_t pid);

/*
 * --pidfd-socket: who has a descriptor of the process, not its number, can
 * never signal another one, and need not be its parent to wait for its end.
 */
int pid_socket_send(const char *path, pid_t pid);
