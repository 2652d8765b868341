/* Where may groups be made, and what has to be handed down there? */
#pragma once

#include "05-cgroups/cgroup.h"
#include "05-cgroups/files.h"

/* Look where the trees of groups are.  That there are none is no error. */
int top_find(struct cgroup *cg);

/*
 * Open the highest group of v2 that the caller may write to: 1; 0: there is
 * none; -1 after a message.
 */
int top_open(const struct cgroup *cg, int *top);

/*
 * "+memory +pids ", the controllers that are asked for and not enabled yet in
 * this group; `all`: every one.  False: there are none.
 */
bool top_choose(const struct cgroup *cg, int dir, char words[CGROUP_TEXT]);
bool top_choose_more(const struct cgroup *cg, int dir, bool all,
		     char words[CGROUP_TEXT]);

/* These have been enabled: say so, if the group is not the kit's.  0. */
int top_announce(const struct cgroup *cg, int dir, char words[CGROUP_TEXT]);
