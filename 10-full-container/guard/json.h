/*
 * JSON from somebody else, read with suspicion.
 */
#pragma once

#include <jansson.h>

#define JSON_DEPTH_MAX 64
#define JSON_SIZE_MAX  (16 << 20)

/*
 * Read and parse the file `path` below the directory `dir` (or AT_FDCWD).
 * Refused are duplicate keys, zero bytes in strings, a file or a nesting
 * beyond the limits above, and anything that is not an object.  The result
 * is for json_decref(); NULL after a message.
 */
json_t *json_read_file(int dir, const char *path);

/* The same from what is open, to its end; `path` is for messages. */
json_t *json_read(int fd, const char *path);

/* An array of strings, from words with commas in between. */
json_t *json_words(const char *words);

/*
 * Put a value where "memory.usage.limit" says; objects on the way are made.
 * What is there already stays.  Takes the reference.
 */
void json_set_path(json_t *object, const char *path, json_t *value);
