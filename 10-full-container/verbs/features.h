/* What this runtime can do, in the words of the specification. */
#pragma once

#include <jansson.h>

/*
 * Add a true or a false for each thing that a reader of config.json knows or
 * does not know: it is asked.
 */
void features_ask(json_t *features);

/* oci_mount_options.c: the words that it knows, as an array. */
json_t *oci_mount_options_list(void);
