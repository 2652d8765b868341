/*
 * The files of a group.  Nothing here prints a message.
 *
 * A function that fails returns -1 with errno, and the caller, who knows what
 * the file is for, says what could not be done. `dir` is the descriptor of a
 * group's directory: one that is removed and made anew is another group.
 */
#pragma once

#define CGROUP_TEXT    4096  /* of one file, as far as we read it */
#define CGROUP_WAIT_MS 10000 /* for the kernel to stop or end all */

int cgroup_write(int dir, const char *file, const char *value);

/* If it fails, the text is empty. */
int cgroup_read_text(int dir, const char *file, char text[CGROUP_TEXT]);

/* The same, of a file that is open, from its beginning. */
int cgroup_read_in(int fd, char text[CGROUP_TEXT]);
