/*
 * Which file is the command, and why is it none?
 */
#pragma once

#include "habits/error.h"

/*
 * In the child: become the command, found in PATH.  Returns only on failure:
 * errno, and what it means here.
 */
const struct hint *program_execute(char **command);
