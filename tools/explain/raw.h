/* --all: a call as it was made. */
#pragma once

#include <stdio.h>

#include "tools/explain/call.h"

/* At its entry: keep its arguments by their shape, before it changes them. */
void raw_keep(struct call *call);

/* At its end, one line: who, the call, its arguments, the result. */
void raw_print(FILE *out, const struct call *call);
