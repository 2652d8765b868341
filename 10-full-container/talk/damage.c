/*
 * Each member is looked at once, here: the verbs then need not ask whether
 * "bundle" is a string.
 */
#include "10-full-container/talk/damage.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/count.h"
#include "10-full-container/guard/json.h"
#include "10-full-container/guard/path.h"
#include "10-full-container/talk/state_process.h"

/* `needed` are those that any state has that was ever written. */
static const struct {
	const char *key;
	bool needed;
	enum { A_STRING, A_NUMBER, A_BOOLEAN, AN_OBJECT, A_GROUP } kind;
} damage_members[] = {
	{ "id", true, A_STRING },
	{ "bundle", true, A_STRING },
	{ "cgroup", true, A_GROUP },
	{ "groups", true, AN_OBJECT },
	{ "olderGroups", true, AN_OBJECT },
	{ "attached", true, A_BOOLEAN },
	{ "keepsKeyring", true, A_BOOLEAN },
	{ "created", true, A_NUMBER },
	{ "pid", false, A_NUMBER },
	{ "startTime", false, A_NUMBER },
	{ "unit", false, A_STRING },
	{ "freezer", false, A_STRING },
	{ "annotations", false, AN_OBJECT },
	{ "rdt", false, AN_OBJECT },
	{ "resources", false, AN_OBJECT },
	{ "cgroupOwners", false, AN_OBJECT },
};

#define DAMAGE_MEMBERS COUNT(damage_members)

/* A group is null where an ordinary user could have none. */
static bool damage_is_good(size_t i, const json_t *value)
{
	const char *text = json_string_value(value);

	switch (damage_members[i].kind) {
	case A_STRING:
		return text && text[0];
	case A_NUMBER: /* that of a process is no 0; a start may have been */
		return json_is_integer(value) &&
		       json_integer_value(value) >=
			       (strcmp(damage_members[i].key, "pid") == 0) &&
		       (json_integer_value(value) <= INT_MAX ||
			strcmp(damage_members[i].key, "pid") != 0);
	case A_BOOLEAN:
		return json_is_boolean(value);
	case AN_OBJECT:
		return json_is_object(value);
	default:
		return json_is_null(value) ||
		       (text && text[0] && !path_has_dots(text));
	}
}

/* What is wrong is said, once, and taken out. */
static void damage_check(json_t *json, const char *id, char why[ERROR_MAX])
{
	for (size_t i = 0; i < DAMAGE_MEMBERS; i++) {
		const char *key = damage_members[i].key;
		const json_t *value = json_object_get(json, key);
		bool good = value ? damage_is_good(i, value)
				  : !damage_members[i].needed;

		if (good && i == 0)
			good = strcmp(json_string_value(value), id) == 0;
		if (good)
			continue;
		if (!why[0])
			snprintf(why, ERROR_MAX, "state.json: %s is %s", key,
				 value ? "not what was written" : "missing");
		json_object_del(json, key);
	}
}

/* What was kept beside the file is right, whatever the file says. */
static int damage_find_process(json_t *json, int dir, const char *id)
{
	struct state_process kept;
	int answer = state_kept_process(dir, &kept);

	if (answer < 0)
		return error_call(NULL, "read the process of container %s", id);
	if (answer > 0) {
		json_object_set_new(json, "pid", json_integer(kept.pid));
		json_object_set_new(json, "startTime",
				    json_integer(kept.start));
	}
	return 0;
}

static char damage_words[ERROR_MAX];

/* In the place of error_sink: what is wrong with a file is part of a message. */
static void damage_hear(const char *message)
{
	snprintf(damage_words, sizeof(damage_words), "%s", message);
}

/*
 * All that is wrong is heard and not said.  An open that fails is another
 * thing: then it is not known what the file says.
 */
static json_t *damage_read(int dir, int fd, const char *id, char why[ERROR_MAX])
{
	void (*sink)(const char *) = error_sink;
	struct stat status;
	json_t *json = NULL;

	error_sink = damage_hear;
	if (fd < 0 || fstat(fd, &status) < 0 || !S_ISREG(status.st_mode))
		snprintf(why, ERROR_MAX, "state.json is not a file");
	else if (!(json = json_read(fd, "state.json")))
		memcpy(why, damage_words, ERROR_MAX);
	else if (!json_is_object(json))
		snprintf(why, ERROR_MAX, "state.json is not an object");
	if (json && !why[0])
		damage_check(json, id, why);
	if (!json_is_object(json)) {
		json_decref(json);
		json = json_object();
	}
	if (why[0])
		json_object_set_new(json, "id", json_string(id));
	error_sink = sink;
	if (why[0] && damage_find_process(json, dir, id) < 0) {
		json_decref(json);
		return NULL;
	}
	return json;
}

/*
 * A `create` that was killed at once has left a directory without the file:
 * that is no damage, and such a container can be deleted.
 */
json_t *damage_load(int dir, const char *id, char why[ERROR_MAX])
{
	CLEANUP_CLOSE int fd =
		openat(dir, "state.json",
		       O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	why[0] = '\0';
	if (fd < 0 && errno == ENOENT)
		return json_pack("{s:s}", "id", id);
	if (fd < 0 && errno != ELOOP && errno != ENXIO) {
		error_call(NULL, "open the state of container %s", id);
		return NULL;
	}
	return damage_read(dir, fd, id, why);
}
