/* A command line of a test, as somebody can type it on the machine. */
#pragma once

/* Words between blanks, in quotes where a shell needs them. */
char *typed(char *const words[]);

/*
 * Not in a test: with the machine's own paths, where the host of a test has
 * them on /mnt (see host.c).
 */
char *typed_here(const char *line);
