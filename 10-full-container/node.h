/*
 * A value in config.json and the way to it, for messages:
 *     config.json: process.args[0]: 42 is not a string
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct node {
	const json_t *value; /* NULL: not there */
	const struct node *parent;
	const char *key; /* in the parent; NULL in an array */
	size_t index;    /* in the parent, when that is an array */
};

/* Say what is wrong: "... is not EXPECTED", or missing.  Returns -1. */
int node_complain(const struct node *node, const char *expected);
int node_require(const struct node *object, const char *key);
/* A member, with a value of NULL if it is absent or null; the way to it. */
struct node node_member(const struct node *object, const char *key);
char *node_way(const struct node *node); /* for free() */

/*
 * Read a member of an object.  One that is absent, or null, leaves `*value`
 * as it was.  -1 after a message: it is of another type or out of range.
 */
int node_string(const struct node *object, const char *key, const char **value);
int node_absolute(const struct node *object, const char *key,
		  const char **value); /* a path that starts with / */
int node_bool(const struct node *object, const char *key, bool *value);
int node_integer(const struct node *object, const char *key, int64_t low,
		 int64_t high, int64_t *value);
int node_unsigned(const struct node *object, const char *key, uint64_t high,
		  uint64_t *value);
int node_id(const struct node *object, const char *key, uint32_t *value);
int node_array(const struct node *object, const char *key, struct node *array);
int node_object(const struct node *object, const char *key,
		struct node *member);
/* ... its place in `words`, which end with NULL */
int node_word(const struct node *object, const char *key,
	      const char *const words[], size_t *value);
/* ... a vector with a NULL at its end, for free() */
int node_strings(const struct node *object, const char *key, char ***strings);

/* The items of an array, 0 to node_count() - 1, and the same readers. */
size_t node_count(const struct node *array);
struct node node_item(const struct node *array, size_t index);
int node_item_string(const struct node *item, const char **value);
int node_item_id(const struct node *item, uint32_t *value);
int node_item_object(const struct node *item);
int node_item_word(const struct node *item, const char *const words[],
		   size_t *value);

/* The members of an object, for a loop: NULL after the last. */
void *node_first(const struct node *object);
void *node_next(const struct node *object, void *iterator);
struct node node_at(const struct node *object, void *iterator);
