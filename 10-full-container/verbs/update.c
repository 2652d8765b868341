/*
 * update: other limits for a container that runs.
 *
 * A limit is a file, and may be written at any time; the processes notice
 * nothing but its effect.  All that is asked for is read and checked first.
 * If the kernel then refuses a part of it, all is put back as it was.
 *
 * What is said replaces what was set; what is not said stays.  Some of OCI's
 * words share a file of the kernel ("quota period" in cpu.max), or are
 * counted from one another (swap from memory).  So a new word is first put
 * together with the old ones of its kind, and then all of the kind are written:
 *
 *     {"memory": {"limit": 9, "swap": 0}}     the changes
 *     {"memory": {"limit": 5, "swap": 7}}     what holds
 *     {"memory": {"limit": 9, "swap": 7}}     what is written
 */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "habits/error.h"
#include "10-full-container/group/group.h"
#include "10-full-container/group/limits_write.h"
#include "10-full-container/guard/json.h"
#include "10-full-container/life/container.h"
#include "10-full-container/life/maker.h"

/* What is wanted, as an object of its own; NULL after a message. */
static json_t *update_read(const struct request *request)
{
	const char *file = request->limits_file;
	json_t *changes;

	if (file && request->resources) {
		error_input("write it all into the file",
			    "update: both --resources and single limits");
		return NULL;
	}
	if (!file && !request->resources)
		error_input("--help lists the options",
			    "update: nothing to change");
	if (!file)
		return json_incref(request->resources);
	changes = strcmp(file, "-") == 0
			  ? json_read(STDIN_FILENO, "the standard input")
			  : json_read_file(AT_FDCWD, file);
	if (changes && !json_is_object(changes)) {
		error_input(NULL, "update: %s: not an object", file);
		json_decref(changes);
		return NULL;
	}
	return changes;
}

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

static int update_join(json_t *into, const json_t *changes);

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

static int update_join(json_t *into, const json_t *changes)
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

static json_t *update_merge(json_t *changes, const json_t *old)
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

/* What holds now: config.json's, with what earlier updates have changed. */
static json_t *update_find_old(const struct state *state)
{
	json_t *document = json_read_file(state->dir, "config.json");
	json_t *linux_node = json_object_get(document, "linux");
	json_t *old = json_object();

	if (!document ||
	    update_join(old, json_object_get(linux_node, "resources")) < 0 ||
	    update_join(old, json_object_get(state->json, "resources")) < 0) {
		json_decref(old);
		old = NULL;
	}
	json_decref(document);
	return old;
}

static int update_save(struct state *state, json_t *merged)
{
	json_t *noted = json_object_get(state->json, "resources");

	if (!noted)
		json_object_set_new(state->json, "resources",
				    noted = json_object());
	return update_join(noted, merged) < 0 ? -1 : state_save(state);
}

/* Controllers first, so that all limits there will be have been noted. */
static int update_write(struct state *state, const struct limits *resources,
			json_t *merged)
{
	struct cgroup cg = { 0 };
	struct limits_undo undo = { 0 };
	int result = -1, found = group_find(state, &cg);

	if (found == 0)
		error_input(NULL, "update: the container %s has no group",
			    state->id);
	if (found > 0 &&
	    (resources->count == 0 ||
	     (cgroup_extend(&cg, resources->settings, false) == 0 &&
	      limits_undo_note(&undo, &cg, resources) == 0)))
		result = maker_update(state, resources, &cg);
	if (result == 0)
		result = update_save(state, merged);
	if (result < 0)
		limits_undo_restore(&undo);
	limits_undo_free(&undo);
	cgroup_close(&cg);
	return result;
}

/*
 * Read, write, note, in this order: what is noted has been accepted, and the
 * next update starts from it.
 */
static int update_apply(struct state *state, json_t *changes)
{
	json_t *old = update_find_old(state), *merged = NULL;
	struct limits resources = { 0 };
	struct value node = { .key = "update" };
	int result = -1;

	if (old)
		merged = update_merge(changes, old);
	node.value = merged;
	if (merged && limits_read(&resources, &node) == 0)
		result = update_write(state, &resources, merged);
	limits_free(&resources);
	json_decref(merged);
	json_decref(old);
	return result;
}

/*
 * One that is created has a group already, and engines change limits between
 * create and start.  A paused one is changed as it sleeps.
 */
static int update_container(struct state *state, json_t *changes)
{
	enum status status;

	if (status_of(state, &status) < 0)
		return -1;
	if (status == STATUS_STOPPED || status == STATUS_CREATING)
		return error_input("only what runs has limits to change",
				   "update: container not running: %s is %s",
				   state->id, status_name(status));
	return update_apply(state, changes);
}

/* With the state's lock: of two updates the second one sees the first. */
int command_update(struct request *request)
{
	json_t *changes = update_read(request);
	struct state state;
	int result = -1;

	if (changes &&
	    state_open(&state, request->root, request->id, true) == 0) {
		result = update_container(&state, changes);
		state_close(&state);
	}
	json_decref(changes);
	json_decref(request->resources);
	return result < 0 ? EXIT_OCI : 0;
}
