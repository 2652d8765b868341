/*
 * One directory for each container, and a lock on it.
 *
 * The lock is flock(2) on the open directory: whoever changes a container
 * holds it, whoever looks does not need it. state.json is replaced by a
 * rename, so that a reader finds the old one or the new one, and never half of
 * one.
 */
#include "10-full-container/talk/state.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "habits/look.h"
#include "habits/whole.h"
#include "05-cgroups/beyond/owner.h"
#include "10-full-container/talk/damage.h"
#include "10-full-container/talk/state_files.h"

const char *state_text(const struct state *state, const char *key)
{
	return json_string_value(json_object_get(state->json, key));
}

json_int_t state_number(const struct state *state, const char *key)
{
	return json_integer_value(json_object_get(state->json, key));
}

bool state_is(const struct state *state, const char *key)
{
	return json_is_true(json_object_get(state->json, key));
}

/* The id becomes a file name: so no "/", and not "..". */
static int state_check_id(const char *id)
{
	size_t length = strlen(id);
	bool good = length > 0 && length <= NAME_MAX && strcmp(id, ".") != 0 &&
		    strcmp(id, "..") != 0 && !state_is_nameless(id);

	for (const char *c = id; *c; c++)
		good = good &&
		       (isalnum((unsigned char)*c) || strchr("_+-.", *c));
	if (good)
		return 0;
	return error_input("use 1 to 255 letters, digits and _ + - .",
			   "\"%.80s\" cannot be the id of a container", id);
}

/* An empty directory of that name is as good as none. */
static int state_make(const struct state *state)
{
	int dir = state_make_directory(state->parent, state->id);

	if (dir < 0 && errno == EEXIST)
		error_input("see `list`; `delete` frees an id",
			    "the container %s exists already", state->id);
	else if (dir < 0)
		error_call(NULL, "make the state of container %s", state->id);
	return dir;
}

static struct state state_none(const char *id)
{
	return (struct state){ .id = id, .parent = -1, .dir = -1, .owner = -1 };
}

/*
 * The directory is the claim: rename(2) succeeds for one of those who want the
 * same id.  state.json comes when there is something to say.
 */
int state_create(struct state *state, const char *root, const char *id)
{
	*state = state_none(id);
	if (state_check_id(id) < 0)
		return -1;
	if (state_make_root(root, &state->parent) < 0)
		return -1;
	state->dir = state_make(state);
	state->json = json_pack("{s:s}", "id", id);
	if (state->dir >= 0 && state->json)
		return 0;
	state_close(state);
	return -1;
}

/* -1 after a message. */
static int state_load(struct state *state, char why[ERROR_MAX])
{
	state->json = damage_load(state->dir, state->id, why);
	state->is_damaged = why[0] != '\0';
	return state->json ? 0 : -1;
}

/* One that cannot be believed is an error, except for who removes it. */
static int state_believe(struct state *state, bool also_damaged)
{
	char why[ERROR_MAX];

	if (state_load(state, why) < 0)
		return -1;
	if (!state->is_damaged)
		return 0;
	if (!also_damaged)
		return error_input("delete --force removes it, and what is in "
				   "its group",
				   "the state of container %s is damaged: %s",
				   state->id, why);
	error_note("the state of container %s is damaged: %s", state->id, why);
	return 0;
}

static const struct hint state_hints[] = {
	{ EPERM, "its directory belongs to another user, or others may write "
		 "to it: what is in it cannot be believed" },
	{ 0, NULL },
};

/*
 * Whoever waited for the lock may have waited for its removal, or has the one
 * that had this id before.
 */
static int state_is_there(const struct state *state)
{
	struct stat by_name, by_fd;
	int answer = look_answer(fstatat(state->parent, state->id, &by_name,
					 AT_SYMLINK_NOFOLLOW));

	if (answer > 0 && fstat(state->dir, &by_fd) < 0)
		answer = -1;
	if (answer <= 0)
		return answer;
	return by_name.st_ino == by_fd.st_ino && by_name.st_dev == by_fd.st_dev;
}

/* The directory alone, of the answers of habits/look.h. */
static int state_look(struct state *state, const char *root)
{
	int answer = state_open_root(root, &state->parent);

	if (answer <= 0)
		return answer;
	answer = state_open_directory(state->parent, state->id, &state->dir);
	if (answer < 0)
		return error_call(state_hints, "find the container %s in %s",
				  state->id, root);
	return answer;
}

static int state_open_if_there(struct state *state, const char *root,
			       const char *id, bool lock, bool also_damaged)
{
	int answer;

	*state = state_none(id);
	if (state_check_id(id) < 0)
		return -1;
	answer = state_look(state, root);
	if (answer > 0 && lock)
		answer = state_lock(state);
	if (answer > 0 && state_believe(state, also_damaged) < 0)
		answer = -1;
	if (answer <= 0)
		state_close(state);
	return answer;
}

int state_find(struct state *state, const char *root, const char *id)
{
	return state_open_if_there(state, root, id, false, false);
}

int state_find_damaged(struct state *state, const char *root, const char *id)
{
	return state_open_if_there(state, root, id, true, true);
}

/* Engines look for these words to decide that a container is gone. */
int state_open(struct state *state, const char *root, const char *id, bool lock)
{
	int answer = state_open_if_there(state, root, id, lock, false);

	if (answer == 0)
		error_input("`list` shows which there are",
			    "the container %s does not exist in %s", id, root);
	return answer > 0 ? 0 : -1;
}

/* 0: gone, or in use; a lock that somebody else has is EWOULDBLOCK. */
static int state_try_lock(struct state *state)
{
	int answer;

	if (flock(state->dir, LOCK_EX | LOCK_NB) == 0)
		answer = state_is_there(state);
	else
		answer = errno == EWOULDBLOCK ? 0 : -1;
	if (answer < 0)
		return error_call(NULL, "lock the container %s", state->id);
	return answer;
}

/*
 * Loaded only under the lock: what was read before could be of a `create`
 * that has come to its end since.
 */
int state_take(struct state *state, const char *root, const char *id)
{
	char why[ERROR_MAX];
	int answer;

	*state = state_none(id);
	answer = state_look(state, root);
	if (answer > 0)
		answer = state_try_lock(state);
	if (answer > 0 && state_load(state, why) < 0)
		answer = -1;
	if (answer > 0 && state->is_damaged)
		answer = 0;
	if (answer <= 0)
		state_close(state);
	return answer;
}

/*
 * `run` waits for its container to end, and must not keep everybody out so
 * long: hence a second lock, which only says that somebody lives.
 */
int state_own(struct state *state)
{
	state->owner = openat(state->dir, STATE_MARK, O_RDONLY | O_CLOEXEC);
	if (state->owner < 0 || flock(state->owner, LOCK_EX | LOCK_NB) < 0 ||
	    flock(state->dir, LOCK_UN) < 0)
		return error_call(NULL, "own the container %s", state->id);
	return 0;
}

/* It may have been deleted while we waited: then it has its id no more. */
int state_lock(struct state *state)
{
	char what[NAME_MAX + 32];
	int answer;

	snprintf(what, sizeof(what), "the container %s", state->id);
	if (owner_wait(state->dir, what) < 0)
		return -1;
	answer = state_is_there(state);
	if (answer < 0)
		return error_call(NULL, "lock the container %s", state->id);
	return answer;
}

/*
 * A lock by flock(2) belongs to the open file, which a fork shares: it is held
 * until the last of the descriptors is closed.
 */
void state_detach(struct state *state)
{
	int *const descriptors[] = { &state->dir, &state->parent,
				     &state->owner };

	for (int i = 0; i < 3; i++) {
		if (*descriptors[i] >= 0)
			close(*descriptors[i]);
		*descriptors[i] = -1;
	}
}

void state_close(struct state *state)
{
	json_decref(state->json);
	state_detach(state);
	*state = state_none(state->id);
}

/*
 * On the disk before it gets its name: else a machine that loses power may
 * come back with the name and an empty file.  Only if there is something to
 * lose: not before there is a process, and not for a container that ends with
 * its `run`.  On a tmpfs, as /run mostly is, it costs nothing.
 */
static int state_flush(const struct state *state, int fd)
{
	if (!json_object_get(state->json, "pid") || state_is(state, "attached"))
		return 0;
	return fsync(fd);
}

int state_save(struct state *state)
{
	CLEANUP_FREE char *text = json_dumps(state->json, JSON_COMPACT);
	CLEANUP_CLOSE int fd = -1;
	int result = -1;

	if (text)
		fd = openat(state->dir, "state.new",
			    O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd >= 0 && whole_write(fd, text, strlen(text)) == 0 &&
	    state_flush(state, fd) == 0)
		result = renameat(state->dir, "state.new", state->dir,
				  "state.json");
	if (result < 0)
		error_call(NULL, "write the state of container %s", state->id);
	if (result < 0)
		unlinkat(state->dir, "state.new", 0);
	return result;
}

/*
 * The id first, at once: so nobody sees half of a container.  One that has it
 * no more is as good as removed.
 */
int state_remove(struct state *state)
{
	char name[STATE_NAME];
	int answer = state_is_there(state);

	if (answer == 0)
		return 0;
	if (answer < 0 || state_take_name(state->parent, state->id, name) < 0)
		return error_call(NULL, "remove the state of container %s",
				  state->id);
	return state_empty(state->dir, state->parent, name);
}
