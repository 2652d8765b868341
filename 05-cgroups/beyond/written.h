/*
 * Which files a limit is written to: for who wants to put back what was in
 * them.  Mostly it is the one of its name.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define WRITTEN_MAX  4
#define WRITTEN_NAME 64

/* The names in a tree of v2 or of v1; how many. */
size_t written_files(bool is_v2, const char *file,
		     char names[WRITTEN_MAX][WRITTEN_NAME]);
