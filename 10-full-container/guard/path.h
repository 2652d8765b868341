/*
 * Paths in a root directory that is not ours.
 *
 * An image may contain any symbolic link, and a container that shares a
 * directory may swap one in while we look.  A path that is checked first and
 * used afterwards is therefore never safe.  openat2(2) (Linux 5.6) resolves
 * a path with a given directory as its root, however the links point, and
 * hands back a descriptor: from then on that is used, and the path is not.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*
 * Open `path` with `root` as its root directory, never through a link of
 * /proc such as /proc/self/fd/7.  -1 without a message: errno tells.
 */
int path_open(int root, const char *path, uint64_t flags);

/*
 * The same as O_PATH; what is missing is made, in the end a directory or an
 * empty file.  -1 after a message.
 */
int path_make(int root, const char *path, bool directory);

/* The same as O_PATH; -1 with ELOOP if a symbolic link is on the way. */
int path_open_direct(int root, const char *path);

/*
 * The file `name` of this directory, opened with `flags`: no link, and nothing
 * that is mounted over it.  -1 without a message.
 */
int path_open_here(int directory, const char *name, uint64_t flags);

/* The directory that `path` is in, made if missing; *name: the last part. */
int path_make_parent(int root, const char *path, const char **name);

/* Put a mount on what `target` is open on; `name` is for the message. */
int path_place(int mount, int target, const char *name);

/*
 * Bind a socket to a name in the directory, of which the path may be longer
 * than the 107 bytes that unix(7) has for one.  -1 without a message.
 */
int path_bind(int socket, int directory, const char *name);

/* "a/../b" leads somewhere else than it says. */
bool path_has_dots(const char *path);
