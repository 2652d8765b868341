/*
 * When does main() begin?  Before it the C library starts, and has no way to
 * say what fails.  A trap instruction in place of main()'s first tells.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Where the program's main() is, from its symbols; 0: they do not say. */
struct begin {
	uintptr_t main, entry;
};

struct begin begin_of(const char *program);

/* In a process that has just executed it; returns where main() is, or 0. */
uintptr_t begin_plant(const struct begin *begin, pid_t pid, long *instead);

/* At its trap: put back what was there, and let it go on. */
void begin_remove(pid_t pid, uintptr_t place, long instead);
