/*
 * Where those limits of a group stood that are to change; to go back when the
 * kernel has refused one of them.  limits_undo_free() is for it in any case.
 */
#pragma once

#include "10-full-container/group/limits_read.h"

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
