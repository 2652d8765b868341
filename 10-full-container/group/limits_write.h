/*
 * The limits of a group: when it is made, and later others.
 *
 *     limits_make_group      before the child: limits, rules
 *     limits_finish_group    when it is in: what would have kept it out
 *     limits_update          later, all of it once more
 */
#pragma once

#include "10-full-container/group/limits_read.h"

/*
 * Make the group at `path`, with these limits and device rules; `args` tells
 * clone3(2) to start the child in it.  1: it is without rules.
 */
int limits_make_group(const struct limits *resources, const char *path,
		      struct cgroup *cg, struct clone_args *args);
int limits_finish_group(const struct limits *resources,
			const struct cgroup *cg);

/*
 * Of a group that is open, while its processes run: what is not in `resources`
 * stays.  At the first that cannot be had it stops, after a message.
 */
int limits_update(const struct limits *resources, struct cgroup *cg);

/*
 * Where those limits of a group stood that are to change; to go back when the
 * kernel has refused one of them.  limits_undo_free() is for it in any case.
 */
struct limits_undo {
	struct limits_undo_file {
		int dir; /* of a group that stays open */
		char *name, *text;
	} * files;
	size_t count;
};
int limits_undo_note(struct limits_undo *undo, const struct cgroup *cg,
		     const struct limits *resources);
void limits_undo_restore(const struct limits_undo *undo);
void limits_undo_free(struct limits_undo *undo);
