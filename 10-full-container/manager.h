/*
 * Who makes the container's group: this program, or systemd.
 *
 * On a machine with systemd the tree of groups is systemd's, and a second
 * one who makes groups in it has to be told of, or both will set the same
 * files.  So systemd can be asked to make the group, a "scope"; the limits
 * are the same files in both cases.
 */
#pragma once

#include "10-full-container/spec.h"
#include "10-full-container/state.h"

struct manager {
	char *path; /* of the group: "/" begins at the top of the tree */
	char *unit, *slice; /* systemd's names; NULL: it is our own */
	bool is_disabled;   /* it stays where its caller is */
	bool is_started;    /* the scope is there */
	bool lacks_rules;   /* the kernel takes none for devices here */
};

/* The two forms of linux.cgroupsPath; and one that leads elsewhere. */
bool manager_is_for_systemd(const char *path);
bool manager_has_dots(const char *path);

/* Name and place, with one of --cgroup-manager's words; nothing is made yet. */
int manager_choose(struct manager *manager, const struct spec *spec,
		   const char *id, const char *maker);

/* Write in the state what `delete` has to know; state_save() is yet to be. */
int manager_note(const struct manager *manager, const struct cgroup *cg,
		 struct state *state);

/* Before the child: with cgroupfs it can be born in its group. */
int manager_make(struct manager *manager, const struct spec *spec,
		 struct state *state, struct cgroup *cg,
		 struct clone_args *args);

/* The child is there and waits: see that it is in its group, and limited. */
int manager_take(struct manager *manager, const struct spec *spec,
		 struct cgroup *cg, pid_t pid);

/* In the child: know the group that it is in by now, for its mounts. */
int manager_enter(struct manager *manager, struct cgroup *cg);

/* The container has failed: undo it all. */
int manager_undo(struct manager *manager, struct cgroup *cg,
		 const struct state *state);
void manager_free(struct manager *manager);

/*
 * For a container that exists.  manager_update() writes new limits to its
 * group, which is open: see resources_update().  manager_delete() ends what
 * runs in its group and removes it, unless the group is older than the
 * container.
 */
int manager_update(const struct state *state, const struct resources *resources,
		   struct cgroup *cg);
int manager_delete(const struct state *state);
