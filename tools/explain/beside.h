/* Two stories side by side. */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "tools/explain/story.h"

/*
 * Run both commands, each a word that a shell would split, one after the
 * other, and print.  The first status that is not 0.
 */
int beside_run(char **commands, const struct chapters *chapters, bool is_json,
	       FILE *out);
