/*
 * What an engine reads: files and sockets that it names.
 *
 * log_: messages go to standard error as in every stage and, with --log FILE,
 * also to that file, where an engine that started us in the background looks.
 * pid_file_, pid_socket_: the process that was made.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

/* From now on every message goes to `path` too (NULL: nowhere else). */
int log_open(const char *path, bool json);

/* From now on steps are said, too: --debug. */
void log_steps(void);

/*
 * A step was made: what, with which object.  Costs nothing unless asked for.
 * In the child it goes the way of messages: the runtime prints it.
 */
void log_step(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Is this message none that anything failed for?  A note, or a step. */
bool log_is_harmless(const char *message);

/* Before there is a process: may this be the file?  path may be NULL. */
int pid_file_check(const char *path);

/* Write it so that a reader sees all of it or none.  path may be NULL. */
int pid_file_write(const char *path, pid_t pid);

/*
 * --pidfd-socket: who has a descriptor of the process, not its number, can
 * never signal another one, and need not be its parent to wait for its end.
 */
int pid_socket_send(const char *path, pid_t pid);
