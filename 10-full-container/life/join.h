/*
 * Going into a container that runs.
 *
 * One setns(2) on the process's pidfd enters all of its namespaces (Linux
 * 5.8).  Only the PID namespace cannot be entered by a process, just by its
 * children: so a helper enters, and makes the process that stays.
 */
#pragma once

#include "habits/error.h"
#include "01-uts/child.h"
#include "10-full-container/config/spec.h"
#include "10-full-container/group/group.h"
#include "10-full-container/life/handout.h"
#include "10-full-container/process/process.h"
#include "10-full-container/talk/state.h"

struct join {
	struct state state;
	struct spec spec;       /* of the container */
	struct process process; /* the one to add */
	bool is_attached;       /* wait for it; it dies with us */
	bool keeps_keyring;     /* as the container does */
	int pidfd;              /* of the container's first process */
	struct handout handout; /* or what it has given us itself */
	int flags;              /* CLONE_NEW*: which namespaces to enter */
	const char *below;      /* the group below the container's; or NULL */
	int channel, console;   /* see container.h */
	int ends[2];            /* of the channel: ours, and the process's */
	struct cgroup group, below_group;
	bool is_apart; /* the helper has memory of its own */
	pid_t born;    /* who was made; or -errno, if nobody could be */
	struct child child;
};

/* Start the process in the container.  -1: nothing of it is left. */
int join_start(struct join *join);

/* In the helper: go in, make the process.  An exit status. */
int join_outside(void *argument);

/*
 * In the parent: start the helper.  Here it is a copy of us; or, if somebody
 * puts another function here, in our memory, while we stand still.
 */
typedef pid_t join_clone_function(struct clone_args *args,
				  int (*helper)(void *), void *argument);
extern join_clone_function *join_clone;

/*
 * In the child, a container's first process as well: die with the parent, which
 * has the channel's other end.  -1: it is dead already.
 */
int join_adopt(int channel);

extern const struct hint container_join_hints[];
