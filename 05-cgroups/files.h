/*
 * The files of a group.  Nothing here prints a message.
 *
 * A function that fails returns -1 with errno, and the caller, who knows what
 * the file is for, says what could not be done. `dir` is the descriptor of a
 * group's directory.
 */
#pragma once

#define CGROUP_TEXT    4096  /* of one file, as far as we read it */
#define CGROUP_WAIT_MS 10000 /* for the kernel to stop or end all */

/* Both return 0, or -1 with errno; then the text is empty. */
int cgroup_write(int dir, const char *file, const char *value);
int cgroup_read_text(int dir, const char *file, char text[CGROUP_TEXT]);

/* The same, for a file that need not be there: the answers of look.h. */
int cgroup_look_text(int dir, const char *file, char text[CGROUP_TEXT]);

/*
 * The only number in a text, or with a key the one on the line that begins
 * with this word; -1: there is none.
 */
long long cgroup_find_number(const char *text, const char *key);

/*
 * The number in a file: of the answers of look.h.  0 is also for a line that
 * is not there and for "max"; then *number is -1, and errno ENOENT.
 */
int cgroup_number(int dir, const char *file, const char *key,
		  long long *number);
