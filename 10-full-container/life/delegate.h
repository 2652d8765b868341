/*
 * Giving the container its own group, so that it can make groups below it.
 */
#pragma once

#include "10-full-container/config/spec.h"
#include "10-full-container/talk/state.h"

/*
 * Make the user that the container's program is on the host the owner of the
 * group, if config.json asks for a place to use it: a writable mount of
 * cgroup v2 at /sys/fs/cgroup, in a cgroup namespace of its own.
 */
int delegate_group(const struct spec *spec, const struct cgroup *cg);

/* Before that: of a group that was there, whose it is, into the state. */
int delegate_note(const struct spec *spec, const struct cgroup *cg,
		  struct state *state);

/* At the end: that owner's again. */
int delegate_take_back(const struct state *state, const struct cgroup *cg);

/* The host's number of a user inside; false: it is not known. */
bool delegate_outside(const struct spec *spec, uint32_t inside, uid_t *outside);

/* A process whose user is another one outside: its pipes are that one's. */
int delegate_own_pipes(const struct spec *spec, const struct process *process);
