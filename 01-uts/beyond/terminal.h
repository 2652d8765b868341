/*
 * Who has the terminal, and whom does a signal mean?
 *
 * A command is in the terminal's foreground group together with us: Ctrl-C
 * reaches both, Ctrl-Z stops both, and a shell inside makes itself the
 * foreground.  Who is between a shell and its job must not be noticed.
 */
#pragma once

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

/*
 * In the parent, before there is a child: of 0, 1 and 2 what is closed becomes
 * /dev/null.  Before anything is opened or made.  A signal of the terminal or
 * of a broken pipe is ignored.
 */
void terminal_prepare(void);
/* In the parent, before there is a child: only the first of it. */
void terminal_fill_standard(void);
/* In the child: as it was before. */
void terminal_restore(void);

/* In the parent: has the child ended?  When it was only stopped, stop as well. */
bool terminal_child_has_ended(pid_t child, int *wait_status);
/* In the parent: a signal came here; the child's, too? */
void terminal_pass_on(pid_t child, const siginfo_t *info);
/* After it: the terminal is the caller's again. */
void terminal_take_back(void);
