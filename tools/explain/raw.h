/* --all: a call as it was made. */
#pragma once

#include <stdio.h>

#include "tools/explain/call.h"

/* One line: who, the call, its arguments by their shape, the result. */
void raw_print(FILE *out, const struct call *call);
