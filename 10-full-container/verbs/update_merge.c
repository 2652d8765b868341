/*
 * From what an engine sends to what can be written.
 *
 *     {"memory": {"limit": 9, "swap": 0}}     the changes
 *     {"memory": {"limit": 5, "swap": 7}}     what holds
 *     {"memory": {"limit": 9, "swap": 7}}     what is written
 *
 * All of a kind that changes is written again, and nothing of other kinds.
 */
#include <string.h>

#include "habits/error.h"
#include "10-full-container/group/limits.h"
#include "10-full-container/verbs/update.h"

/*
 * Engines send whole structs in which only what changes has a value: nothing is
 * the zero value of Go, in which most of them are written.  But some limits can
 * be 0 (limits.h).
 */
static bool update_is_nothing(const char *object, const char *key,
			      const json_t *value)
{
	const struct limit *row = limit_of_member(object, key);

	if (row && row->has_zero)
		return json_is_null(value);
	if (json_is_integer(value))
		return json_integer_value(value) == 0;
	if (json_is_string(value))
		return json_string_length(value) == 0;
	return json_is_null(value) ||
	       (json_is_array(value) && json_array_size(value) == 0);
}

/* The loop that allows the removal of the member it is at. */
static void update_drop_nothing(const char *name, json_t *object)
{
	const char *key;
	json_t *value;
	void *next;

	json_object_foreach_safe(object, next, key, value)
	{
		if (update_is_nothing(name, key, value))
			json_object_del(object, key);
	}
}

/*
 * Who takes the limit on memory away means the swap, too: v1 has a limit on
 * their sum, which would still be one.
 */
static int update_free_swap(json_t *changes, const json_t *old)
{
	json_t *memory = json_object_get(changes, "memory");
	const json_t *before = json_object_get(old, "memory");

	if (json_integer_value(json_object_get(memory, "limit")) != -1 ||
	    json_object_get(memory, "swap") || !json_object_get(before, "swap"))
		return 0;
	return json_object_set_new(memory, "swap", json_integer(-1));
}

/*
 * Device rules are no limits that could be changed one by one.  Some engines
 * repeat those that the container was made with, which is fine.
 */
static int update_check_devices(json_t *changes, const json_t *old)
{
	const json_t *devices = json_object_get(changes, "devices");

	if (json_array_size(devices) > 0 &&
	    !json_equal(devices, json_object_get(old, "devices")))
		return error_input("make a new container",
				   "update: devices: the rules for devices "
				   "cannot be changed while it runs");
	json_object_del(changes, "devices");
	return 0;
}

/* What both have is joined, if it is an object; else the change counts. */
static int update_join_one(json_t *into, const char *key, const json_t *value)
{
	json_t *mine = json_object_get(into, key);

	if (json_is_object(mine) && json_is_object(value))
		return update_join(mine, value);
	/* Deep copies: what is noted must not change with the changes. */
	if (json_object_set_new(into, key, json_deep_copy(value)) < 0)
		return error_call(NULL, "note the limits");
	return 0;
}

int update_join(json_t *into, const json_t *changes)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)changes, key, value)
	{
		if (update_join_one(into, key, value) < 0)
			return -1;
	}
	return 0;
}

/*
 * Old members first, then the changes over them.  A kind that is empty after
 * its zeroes are gone was mentioned and not meant.
 */
static int update_merge_one(json_t *merged, const char *key, json_t *value,
			    const json_t *old)
{
	const json_t *before = json_object_get(old, key);

	if (limit_of_member(key, NULL))
		update_drop_nothing(key, value);
	if (json_is_object(value) && json_object_size(value) == 0)
		return 0;
	if (json_is_object(before) && update_join_one(merged, key, before) < 0)
		return -1;
	return update_join_one(merged, key, value);
}

json_t *update_merge(json_t *changes, const json_t *old)
{
	json_t *merged = json_object(), *value;
	const char *key;

	if (update_check_devices(changes, old) < 0 ||
	    update_free_swap(changes, old) < 0)
		goto fail;
	json_object_foreach(changes, key, value)
	{
		if (update_merge_one(merged, key, value, old) < 0)
			goto fail;
	}
	return merged;
fail:
	json_decref(merged);
	return NULL;
}
