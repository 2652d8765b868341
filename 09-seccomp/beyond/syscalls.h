/*
 * Which number has a system call?
 *
 * The kernel knows it only by its number, and each architecture has numbers of
 * its own: mkdir is 83 on x86-64, 39 on 32-bit x86, and on arm64 there is none,
 * just mkdirat.  The table comes from the headers this program is built with.
 */
#pragma once

#include <stddef.h>

/* The number of the call with this name of `length` bytes, -1 if unknown. */
int syscall_number(const char *name, size_t length);

/* The name of the call with this number, NULL if unknown. */
const char *syscall_name(int number);

/* The highest number of the table: a call above it is newer than the table. */
int syscall_highest(void);
