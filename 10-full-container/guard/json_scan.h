/*
 * A first look at JSON text, before it is parsed: what a parser cannot do.
 *
 * Integers in config.json go up to 2^64-1 (RLIM_INFINITY), but those of
 * jansson end at 2^63-1.  A larger one becomes a string that begins with a
 * zero byte, which no string of the file can have, for value_unsigned().  And
 * where a parser says line and column, a person wants to know which member.
 */
#pragma once

#include <stddef.h>

#define JSON_WAY_MAX 512

/*
 * Copy the text, with large integers changed; `copy` has room for twice the
 * length, or is NULL: then they are only counted.  Returns how many there
 * are, or -1 after a message: it is nested too deeply, or a string has a
 * zero byte (\u0000).  `path` is the file's, for the message.
 */
int json_scan_copy(const char *text, char *copy, const char *path);

/* The way to what is at `place`: "linux.resources.memory", or "". */
void json_scan_way(const char *text, size_t place, char way[JSON_WAY_MAX]);
