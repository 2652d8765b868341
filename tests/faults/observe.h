/* Looking at a container, from inside and outside. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "tests/faults/text.h"

/* What inside.c said into that file, to its last word; waits for that. */
char *observe_speech(const char *path);

/*
 * What differs each time becomes a word: the host's namespaces, a stage's
 * group `program`.PID.TIME, and all numbers if `has_numbers`.
 */
void observe_neutral(char *text, const char *program, bool has_numbers);

/* Its status, whether the pid file has its number, and its groups. */
void observe_box(struct lines *lines);

/* What its groups and its saved config.json say of limits. */
void observe_limits(struct lines *lines);

/* How many processes but the first its group has. */
int observe_others(void);

/* Wait for the end of a process. */
void observe_end(pid_t pid);
