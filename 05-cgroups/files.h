/*
 * The files of a group.  Nothing here prints a message.
 *
 * A function that fails returns -1 with errno, and the caller, who knows what
 * the file is for, says what could not be done. `dir` is the descriptor of a
 * group's directory.
 */
#pragma once

#include <dirent.h>
#include <stdbool.h>

#define CGROUP_TEXT 4096 /* of one file, as far as we read it */

/* A group below: who is inside may have made it, and called it ".x". */
bool cgroup_is_below(const struct dirent *entry);

/* Is `name` a word of `list`, with commas or spaces in between? */
bool cgroup_has(const char *list, const char *name);

/* The next word of `*list`, or NULL at its end.  The list is cut up. */
char *cgroup_next_word(char **list, const char *separators);

/* Both return 0, or -1 with errno; then the text is empty. */
int cgroup_write(int dir, const char *file, const char *value);
int cgroup_read_text(int dir, const char *file, char text[CGROUP_TEXT]);

/* The same, for a file that need not be there: the answers of look.h. */
int cgroup_look_text(int dir, const char *file, char text[CGROUP_TEXT]);

/*
 * The only number in a text, or with a key the one on the line that begins
 * with this word; -1: there is none.
 */
long long cgroup_find_number(char *text, const char *key);

/*
 * The number in a file: of the answers of look.h.  0 is also for a line that
 * is not there and for "max"; then *number is -1, and errno ENOENT.
 */
int cgroup_number(int dir, const char *file, const char *key,
		  long long *number);

/*
 * io.weight (1 to 10000) for a disk whose scheduler is BFQ, which has files
 * of its own.  The value is "N", "default N" or "MAJOR:MINOR N".
 */
int cgroup_write_bfq(int dir, const char *file, const char *value);
