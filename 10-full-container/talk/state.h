/*
 * What a runtime remembers between two of its runs.
 *
 * An OCI runtime is not a daemon: `create` ends, and `start`, run later by
 * somebody else, must find the container again.  All it has is a directory:
 *
 *     /run/ten-steps/oci/ID/
 *             ten-steps.container   the mark: what lacks it is not ours; and
 *                           locked by a `run` for as long as it lives
 *             config.json   the bundle's, as it was when `create` ran
 *             state.json    process id, bundle, cgroup ...
 *             process       a link that names it too, if state.json is damaged
 *             start         the socket at which the container's process waits
 *
 * Others may keep things beside it, in the same directory (--root): they are
 * never touched.  And what is found there is believed only if nobody else can
 * have written it, for it says which hooks run, and what is killed.
 *
 * What can be found out is not written down: whether the container runs is
 * asked of the kernel each time, so that no kill -9 makes the file lie.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <sys/types.h>

/* The newest version of the specification that is done here, and the oldest. */
#define OCI_VERSION     "1.3.0"
#define OCI_VERSION_MIN "1.0.0"

struct state {
	const char *id;
	int parent;      /* the directory of all states */
	int dir;         /* this container's directory; the lock is on it */
	int owner;       /* the mark, which a `run` keeps locked; or -1 */
	bool is_damaged; /* what is known of it does not come from the file */
	json_t *json;    /* the contents of state.json */
};

/* A text in state.json; NULL: there is none of this name. */
const char *state_text(const struct state *state, const char *key);
json_int_t state_number(const struct state *state, const char *key);
bool state_is(const struct state *state, const char *key);

/* Where states are kept if no --root was given; free() it. */
char *state_default_root(void);

/*
 * Make a new container's directory and lock it.  An id is 1 to 255 letters,
 * digits, and _ + - . characters.  It is an error if the id exists.
 */
int state_create(struct state *state, const char *root, const char *id);

/*
 * Find a container and read its state.  With `lock`, wait until nobody else
 * changes it; to look at it takes no lock, since state.json is never half
 * written.
 */
int state_open(struct state *state, const char *root, const char *id,
	       bool lock);

/* To look at it, without the lock: 1, or 0 without a word: there is none. */
int state_find(struct state *state, const char *root, const char *id);

/*
 * To remove it, with the lock: also one whose state.json is not to be believed
 * (damage.h).
 */
int state_find_damaged(struct state *state, const char *root, const char *id);

/*
 * The same without waiting: 0, without a message, also if it is in use, or
 * damaged.
 */
int state_take(struct state *state, const char *root, const char *id);

/* Let go of the lock; the container stays. */
void state_close(struct state *state);

/* Change places: be its owner, and let others work with it meanwhile. */
int state_own(struct state *state);

/* Take the lock again.  1, or 0 if it was deleted meanwhile. */
int state_lock(struct state *state);

/*
 * In a child, which shares its parent's lock by sharing its descriptors:
 * close those.  What is in memory can still be described.
 */
void state_detach(struct state *state);

/* Write state.json so that a reader sees the old one or the new one. */
int state_save(struct state *state);

/* Forget the container: remove its directory.  Safe to call again. */
int state_remove(struct state *state);
