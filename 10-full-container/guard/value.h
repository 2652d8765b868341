/*
 * A value in config.json and the way to it, for messages:
 *     config.json: process.args[0]: 42 is not a string
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct value {
	const json_t *value; /* NULL: not there */
	const struct value *parent;
	const char *key;          /* in the parent; NULL in an array */
	size_t index;             /* in the parent, when that is an array */
	const struct member *row; /* by which it is read: member.h */
};

/* Say what is wrong: "... is not EXPECTED", or missing.  Returns -1. */
int value_complain(const struct value *node, const char *expected);
int value_require(const struct value *object, const char *key);
/* A member, with a value of NULL if it is absent or null; the way to it. */
struct value value_member(const struct value *object, const char *key);
char *value_way(const struct value *node); /* for free() */

/* Read a value that is there.  -1 after a message: another type, or range. */
int value_item_string(const struct value *item, const char **value);
int value_item_bool(const struct value *item, bool *value);
int value_item_integer(const struct value *item, int64_t low, int64_t high,
		       int64_t *value);
int value_item_unsigned(const struct value *item, uint64_t high,
			uint64_t *value);
int value_item_id(const struct value *item, uint32_t *value);
int value_item_array(const struct value *item);
int value_item_object(const struct value *item);
/* ... a vector with a NULL at its end, for free() */
int value_item_strings(const struct value *array, char ***strings);

/* A member; one that is absent, or null, leaves `*value` as it was. */
int value_string(const struct value *object, const char *key,
		 const char **value);
int value_bool(const struct value *object, const char *key, bool *value);
int value_integer(const struct value *object, const char *key, int64_t low,
		  int64_t high, int64_t *value);
int value_unsigned(const struct value *object, const char *key, uint64_t high,
		   uint64_t *value);
int value_array(const struct value *object, const char *key,
		struct value *array);
int value_object(const struct value *object, const char *key,
		 struct value *member);

/* The items of an array, 0 to value_count() - 1. */
size_t value_count(const struct value *array);
struct value value_item(const struct value *array, size_t index);
/* The members of an object, for a loop: NULL after the last. */
void *value_first(const struct value *object);
void *value_next(const struct value *object, void *iterator);
struct value value_at(const struct value *object, void *iterator);
