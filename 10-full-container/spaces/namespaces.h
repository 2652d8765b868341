/*
 * Which namespaces are new, and which are somebody else's.
 *
 * A container may share a namespace with another one: the containers of a
 * pod have one network.  Such a namespace is a file, /proc/PID/ns/net or a
 * bind mount of it, and setns(2) enters it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "01-uts/child.h"
#include "10-full-container/clocks.h"

#define NAMESPACE_KINDS 8

struct namespaces {
	uint64_t own;                        /* CLONE_NEW*: made for us */
	const char *joined[NAMESPACE_KINDS]; /* by namespace_kinds; or NULL */
	int files[NAMESPACE_KINDS];          /* ... while the child starts */
	uint64_t entered;       /* of these, the ones that it is born in */
	bool has_clocks_inside; /* the child makes NEWTIME itself */
};

/* The eight kinds; "network" is OCI's name, "net" the file's. */
struct namespace_kind {
	const char *name, *file;
	uint64_t flag;
};
extern const struct namespace_kind namespace_kinds[NAMESPACE_KINDS];

/*
 * Start `inside(argument)` in the new namespaces, by one clone3(2), and in
 * the joined PID and user namespaces.  The caller stays where it was.  A new
 * cgroup namespace is left to the child, which must be in its group first.
 * `args` is for the group to be born in; flags are added to it.  0, or -1
 * after a message, and then there is no child.
 */
int namespaces_start(struct namespaces *namespaces, const struct clocks *clocks,
		     struct child *child, struct clone_args *args,
		     int (*inside)(void *), void *argument);

/* In the child: enter the joined namespaces. */
int namespaces_join(const struct namespaces *namespaces);

/* All that are not the host's, for setns(2). */
int namespaces_flags(const struct namespaces *namespaces);

/* The path of the namespace of this kind, if it is somebody else's, or NULL. */
const char *namespaces_joined(const struct namespaces *namespaces,
			      uint64_t flag);
bool namespaces_joins(const struct namespaces *namespaces, uint64_t flag);

/*
 * Is it not ours?  A path to join can well lead to our own, the host's.  1, 0,
 * or -1 after a message.
 */
int namespaces_has(const struct namespaces *namespaces, uint64_t flag);
