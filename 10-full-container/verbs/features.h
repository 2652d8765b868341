/* What this runtime can do, in the words of the specification. */
#pragma once

#include <jansson.h>

/*
 * Add a true or a false for each thing that a reader of config.json knows or
 * does not know: it is asked.
 */
void features_ask(json_t *features);
