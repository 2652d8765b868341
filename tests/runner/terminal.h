/* A terminal, to test what the keyboard does. */
#pragma once

#include "tests/runner/run.h"

#define CTRL_C "\003"
#define CTRL_D "\004" /* end of input */
#define CTRL_Z "\032"

/*
 * As start(), with a new terminal for all three streams, of which the program
 * is the session's leader.  feed() types: the terminal does not echo it.
 */
struct running start_on_terminal(const struct manner *manner,
				 const char *const words[]);
