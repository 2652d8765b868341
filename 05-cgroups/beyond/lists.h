/* Lists as the kernel writes them: words, "cpu,memory", and ranges, "0-3,8". */
#pragma once

#include <stdbool.h>

/* Is `name` a word of `list`, with commas or spaces in between? */
bool cgroup_has(const char *list, const char *name);

/* The next word of `*list`, or NULL at its end.  The list is cut up. */
char *cgroup_next_word(char **list, const char *separators);

#define LISTS_MAX 8192 /* more than any kernel can count */

/*
 * The next range of `*list`, which goes on behind it: cpus and memory nodes
 * are named so.  1; 0 at the end; -1 if that is no range, or one that comes to
 * LISTS_MAX.  There may be spaces around each number.
 */
int lists_range(const char **list, long *first, long *last);
