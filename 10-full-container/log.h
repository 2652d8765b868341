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
