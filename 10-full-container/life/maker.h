/*
 * Who makes the container's group: this program, or systemd.
 *
 * On a machine with systemd the tree of groups is systemd's, and a second
 * one who makes groups in it has to be told of, or both will set the same
 * files.  So systemd can be asked to make the group, a "scope"; the limits
 * are the same files in both cases.
 */
#pragma once

#include "10-full-container/config/spec.h"
#include "10-full-container/talk/state.h"

struct maker {
	char *path; /* of the group: "/" begins at the top of the tree */
	char *unit, *slice; /* systemd's names; NULL: it is our own */
	bool is_disabled;   /* it stays where its caller is */
	bool is_started;    /* the scope is there */
	bool lacks_rules;   /* the kernel takes none for devices here */
};

/* Which of the two forms of linux.cgroupsPath? */
bool maker_is_for_systemd(const char *path);

/* Name and place, with one of --cgroup-manager's words; nothing is made yet. */
int maker_choose(struct maker *manager, const struct spec *spec, const char *id,
		 const char *maker);

/* Write in the state what `delete` has to know; state_save() is yet to be. */
int maker_note(const struct maker *manager, const struct cgroup *cg,
	       struct state *state);

/* Before the child: with cgroupfs it can be born in its group. */
int maker_make(struct maker *manager, const struct spec *spec,
	       struct state *state, struct cgroup *cg, struct clone_args *args);

/* The child is there and waits: see that it is in its group, and limited. */
int maker_take(struct maker *manager, const struct spec *spec,
	       struct cgroup *cg, pid_t pid);

/* In the child: know the group that it is in by now, for its mounts. */
int maker_enter(struct maker *manager, struct cgroup *cg);

/* The container has failed: undo it all.  `is_unused`: nothing has run in it. */
int maker_undo(struct maker *manager, struct cgroup *cg,
	       const struct state *state, bool is_unused);
void maker_free(struct maker *manager);

/*
 * For a container that exists.  maker_update() writes new limits to its
 * group, which is open: see limits_update().  maker_delete() ends what
 * runs in its group and removes it, unless the group is older than the
 * container.
 */
int maker_update(const struct state *state, const struct limits *resources,
		 struct cgroup *cg);
int maker_delete(const struct state *state);
