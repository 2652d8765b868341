/*
 * update: other limits for a container that runs.
 *
 * A limit is a file, and may be written at any time; the processes notice
 * nothing but its effect.  All that is asked for is read and checked first.
 * If the kernel then refuses a part of it, all is put back as it was.
 */
#include "10-full-container/verbs/update.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "habits/error.h"
#include "10-full-container/group/group.h"
#include "10-full-container/group/limits_undo.h"
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

	if (state_status(state, &status) < 0)
		return -1;
	if (status == STATUS_STOPPED || status == STATUS_CREATING)
		return error_input("only what runs has limits to change",
				   "update: container not running: %s is %s",
				   state->id, state_status_name(status));
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
