/* A file that tells an engine the number of a process. */
#pragma once

#include <sys/types.h>

/* Write it so that a reader sees all of it or none.  path may be NULL. */
int pid_file_write(const char *path, pid_t pid);
