/*
 * Where an engine reads what went wrong.
 *
 * Messages go to standard error as in every stage and, with --log FILE, also
 * to that file: an engine that started us in the background looks there.
 */
#pragma once

#include <stdbool.h>

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
