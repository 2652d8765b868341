/*
 * What does the filter look like?  In words, one instruction a line:
 *
 *      2: load the number
 *      3: >= ptrace ? 4 : 50
 *
 * reads: is it ptrace's number or higher?  Go on at line 4, else at line 50.
 */
#pragma once

#include <linux/filter.h>

/* Print to standard output.  -1 if it cannot be written. */
int show_program(const struct sock_fprog *program);
