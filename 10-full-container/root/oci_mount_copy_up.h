/*
 * tmpcopyup: a tmpfs that starts with what it hides.
 *
 * For a directory of the image that must be writable, though the image is
 * not, and what is written need not stay.
 */
#pragma once

/* Copy all from the directory `from` to the directory `to`. */
int copy_up(int from, int to);
