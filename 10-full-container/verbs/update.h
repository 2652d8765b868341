/*
 * New limits for a container that runs.
 *
 * What is said replaces what was set; what is not said stays.  Some of OCI's
 * words share a file of the kernel ("quota period" in cpu.max), or are
 * counted from one another (swap from memory).  So a new word is first put
 * together with the old ones of its kind, and then all are written.
 */
#pragma once

#include <jansson.h>

/*
 * What may be written: the changes, each kind ("memory", "cpu" ...) completed
 * by what `old` has for it.  New reference, or NULL after a message.  Changes
 * that change nothing, as 0 for "leave it", are removed from `changes`.
 */
json_t *update_merge(json_t *changes, const json_t *old);

/* Put the members of `changes` into `into`; of objects, one by one. */
int update_join(json_t *into, const json_t *changes);
