/*
 * A container on its way into being: what both sides of the fork know.
 *
 *     create.c   outside: state, cgroup, clone3, maps, hooks
 *     init.c     inside:  mounts, root, names, and then the program
 *
 * At the fork the child gets a copy.  What a side changes later is its own:
 * what the other has to know goes through the channel.
 */
#pragma once

#include "10-full-container/config/spec.h"
#include "10-full-container/life/command.h"
#include "10-full-container/life/handout.h"
#include "10-full-container/life/maker.h"
#include "10-full-container/life/status.h"

struct container {
	const struct request *request;
	struct spec spec;
	struct state state;
	struct cgroup cgroup;
	struct maker manager;
	struct child child;
	bool is_attached;        /* `run` waits for it; it dies with `run` */
	bool is_made;            /* hooks have been told of it */
	bool is_without_groups;  /* they were removed: not looked for again */
	struct net_side network; /* its network, if devices moved there */
	int tree;                /* the root, if the parent opened it; or -1 */
	int channel;             /* to the other side: see sync.h */
	int ends[2];             /* of the channel: the parent's, the child's */
	int start;               /* where `start` connects to; -1 if attached */
	struct handout handout;  /* for an ordinary user's `exec` before it */
	int console;             /* where the terminal's master goes; or -1 */
	int master;              /* that of an attached container; or -1 */
};

/* In the child: all that happens inside.  Returns the exit status. */
int container_inside(void *argument);

/* Does it wait in the middle for devices, or for hooks? */
bool container_needs_host(const struct spec *spec);

/* One of which nothing is known yet. */
struct container container_none(const struct request *request);

/*
 * Make a container that waits for `start`.  On failure nothing of it is
 * left.  After success the state is locked until container_close().
 */
int container_create(struct container *container, struct request *request,
		     bool is_attached);

/* Stop it and remove all that belongs to it, except the state. */
void container_destroy(struct container *container);
void container_close(struct container *container);

/* Run hooks of a kind, in the runtime's namespaces. */
int container_run_hooks(struct container *container, enum hook_kind kind,
			enum status status);
