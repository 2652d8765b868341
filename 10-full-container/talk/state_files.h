/*
 * The directory of all states and one container's in it: for state.c, and for
 * who goes through all of them.  The answers are those of habits/look.h.
 */
#pragma once

#include <dirent.h>
#include <stdbool.h>

#define STATE_MARK    "ten-steps.container"
#define STATE_PROCESS "process"
#define STATE_NAME    64 /* room for a name that is no container's */

/*
 * Open the directory of all, which has to be the caller's own: -1 comes after
 * a message.  Or make it, if need be; 0, or -1 after one.
 */
int state_open_root(const char *root, int *fd);
int state_make_root(const char *root, int *fd);

/* Not an id, but what a container has before it has one, and after. */
bool state_is_nameless(const char *name);

/* The next container; 0: that was the last.  -1 comes after a message. */
int state_next(DIR *list, const char **id);

/*
 * Open a container's directory.  0 also for what does not bear the mark; EPERM:
 * it is not the caller's own.
 */
int state_open_directory(int parent, const char *id, int *dir);

/*
 * Make the directory of a new container: marked, and locked by the descriptor
 * that is returned.  -1 with errno and without a message; EEXIST: there is one.
 */
int state_make_directory(int parent, const char *id);

/* Take the id from it; `name` is what it is called from then on. */
int state_take_name(int parent, const char *id, char name[STATE_NAME]);

/* Remove what is ours in it, and then the directory `name`.  Keeps errno. */
int state_empty(int dir, int parent, const char *name);

/*
 * A `create` or `delete` that was killed can leave a directory without an id:
 * remove it, if it is such a name and nobody's.
 */
void state_remove_nameless(int parent, const char *name);
