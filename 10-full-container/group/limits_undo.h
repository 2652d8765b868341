/*
 * Where all limits of a group stood; to go back when the kernel has refused
 * one of several new ones.  limits_undo_free() is for it in any case.
 */
#pragma once

#include "05-cgroups/cgroup.h"

struct limits_undo {
	struct limits_undo_file {
		int dir; /* of a group that stays open */
		char *name, *text;
	} * files;
	size_t count;
};
int limits_undo_note(struct limits_undo *undo, const struct cgroup *cg);
void limits_undo_restore(const struct limits_undo *undo);
void limits_undo_free(struct limits_undo *undo);
