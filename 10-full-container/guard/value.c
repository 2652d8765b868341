/*
 * Wrong is told with the way to it, the value, and what was expected.  null is
 * the same as absent.
 */
#include "10-full-container/guard/value.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "07-caps/beyond/id.h"

/*
 * Write the way to a node: "config.json: process.args[0]".  Parents first, by
 * recursion: each node is on the stack of who reads it.
 */
static size_t value_write_way(const struct value *node, char *text, size_t size)
{
	size_t used = 0;
	int wrote;

	if (!node->parent)
		return (size_t)snprintf(text, size, "%s:", node->key);
	used = value_write_way(node->parent, text, size);
	if (used >= size)
		return used;
	if (node->key)
		wrote = snprintf(text + used, size - used, "%s%s",
				 node->parent->parent ? "." : " ", node->key);
	else
		wrote = snprintf(text + used, size - used, "[%zu]",
				 node->index);
	return used + (size_t)wrote;
}

/* An integer beyond 2^63-1, as json.c has it. */
static const char *value_large(const json_t *value)
{
	const char *text = json_string_value(value);

	return text && text[0] == '\0' && json_string_length(value) > 1
		       ? text + 1
		       : NULL;
}

/*
 * At most 60 characters of the value: a message is a line, and the file not
 * ours.
 */
int value_complain(const struct value *node, const char *expected)
{
	CLEANUP_FREE char *value = NULL;
	const char *large = value_large(node->value);
	char way[512];

	value_write_way(node, way, sizeof(way));
	if (!node->value)
		return error_input(NULL, "%s: is missing", way);
	value = large ? strdup(large)
		      : json_dumps(node->value, JSON_ENCODE_ANY | JSON_COMPACT);
	return error_input(NULL, "%s: %.60s%s is not %s", way,
			   value ? value : "this",
			   value && strlen(value) > 60 ? "..." : "", expected);
}

char *value_way(const struct value *node)
{
	char way[512];

	value_write_way(node, way, sizeof(way));
	return strdup(way);
}

/* null is not there, as Go's writers of such files mean it. */
struct value value_member(const struct value *object, const char *key)
{
	struct value member = { .parent = object, .key = key };

	member.value = json_object_get(object->value, key);
	if (json_is_null(member.value))
		member.value = NULL;
	return member;
}

int value_require(const struct value *object, const char *key)
{
	struct value member = value_member(object, key);

	return member.value ? 0 : value_complain(&member, "");
}

int value_item_string(const struct value *item, const char **value)
{
	if (!json_is_string(item->value) || value_large(item->value))
		return value_complain(item, "a string");
	*value = json_string_value(item->value);
	return 0;
}

int value_item_bool(const struct value *item, bool *value)
{
	if (!json_is_boolean(item->value))
		return value_complain(item, "true or false");
	*value = json_is_true(item->value);
	return 0;
}

/* 1.0 is no integer here, as in the specification's schema. */
int value_item_integer(const struct value *item, int64_t low, int64_t high,
		       int64_t *value)
{
	json_int_t number = json_integer_value(item->value);
	char expected[80];

	snprintf(expected, sizeof(expected),
		 "an integer from %" PRId64 " to %" PRId64, low, high);
	if (!json_is_integer(item->value) || number < low || number > high)
		return value_complain(item, expected);
	*value = number;
	return 0;
}

/* Up to 2^64-1: RLIM_INFINITY, a mask of a seccomp rule. */
int value_item_unsigned(const struct value *item, uint64_t high,
			uint64_t *value)
{
	const char *large = value_large(item->value);
	json_int_t small = json_integer_value(item->value);
	uint64_t number = large ? strtoumax(large, NULL, 10) : (uint64_t)small;
	char expected[80];

	snprintf(expected, sizeof(expected), "an integer from 0 to %" PRIu64,
		 high);
	if ((!large && (!json_is_integer(item->value) || small < 0)) ||
	    number > high)
		return value_complain(item, expected);
	*value = number;
	return 0;
}

/*
 * The highest number is not one: for chown(2) and setresuid(2) it means no
 * change.
 */
int value_item_id(const struct value *item, uint32_t *value)
{
	json_int_t number = json_integer_value(item->value);

	if (!json_is_integer(item->value) || number < 0 || number > ID_MAX)
		return value_complain(item, "an id: 0 to 4294967294");
	*value = (uint32_t)number;
	return 0;
}

int value_item_array(const struct value *item)
{
	return json_is_array(item->value) ? 0
					  : value_complain(item, "an array");
}

int value_item_object(const struct value *item)
{
	return json_is_object(item->value) ? 0
					   : value_complain(item, "an object");
}

/* The texts stay the document's; only the vector is new. */
int value_item_strings(const struct value *array, char ***strings)
{
	const char *text = NULL;

	if (value_item_array(array) < 0)
		return -1;
	*strings = calloc(value_count(array) + 1, sizeof(char *));
	if (!*strings)
		return error_call(NULL, "read %s", array->key);
	for (size_t i = 0; i < value_count(array); i++) {
		struct value item = value_item(array, i);

		if (value_item_string(&item, &text) < 0)
			return -1;
		(*strings)[i] = (char *)text;
	}
	return 0;
}

int value_string(const struct value *object, const char *key,
		 const char **value)
{
	struct value member = value_member(object, key);

	return member.value ? value_item_string(&member, value) : 0;
}

int value_bool(const struct value *object, const char *key, bool *value)
{
	struct value member = value_member(object, key);

	return member.value ? value_item_bool(&member, value) : 0;
}

int value_integer(const struct value *object, const char *key, int64_t low,
		  int64_t high, int64_t *value)
{
	struct value member = value_member(object, key);

	return member.value ? value_item_integer(&member, low, high, value) : 0;
}

int value_unsigned(const struct value *object, const char *key, uint64_t high,
		   uint64_t *value)
{
	struct value member = value_member(object, key);

	return member.value ? value_item_unsigned(&member, high, value) : 0;
}

/* An absent one has no items, so it needs no case of its own. */
int value_array(const struct value *object, const char *key,
		struct value *array)
{
	*array = value_member(object, key);
	return array->value ? value_item_array(array) : 0;
}

int value_object(const struct value *object, const char *key,
		 struct value *member)
{
	*member = value_member(object, key);
	return member->value ? value_item_object(member) : 0;
}

size_t value_count(const struct value *array)
{
	return json_array_size(array->value);
}

struct value value_item(const struct value *array, size_t index)
{
	return (struct value){ .value = json_array_get(array->value, index),
			       .parent = array,
			       .index = index };
}

void *value_first(const struct value *object)
{
	return json_object_iter((json_t *)object->value);
}

void *value_next(const struct value *object, void *iterator)
{
	return json_object_iter_next((json_t *)object->value, iterator);
}

struct value value_at(const struct value *object, void *iterator)
{
	return (struct value){ .value = json_object_iter_value(iterator),
			       .parent = object,
			       .key = json_object_iter_key(iterator) };
}
