/*
 * A controller more, for a container that runs.
 *
 * v1 has a tree for each controller, and a container may be in one less than
 * there are: when it was made, that one was not mounted, or not writable.  A
 * new limit can need a new group, and then all its processes must move: none
 * may fork while the list of them is read, or its child would stay behind.
 * Hence the freezer.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "habits/look.h"
#include "05-cgroups/beyond/at_path.h"
#include "05-cgroups/beyond/existing.h"
#include "05-cgroups/beyond/others.h"
#include "05-cgroups/beyond/walk.h"
#include "05-cgroups/files.h"

/*
 * A process that has ended meanwhile needs no group.  Moves all threads.  -1
 * after a message.
 */
static int extend_move_listed(FILE *list, const struct cgroup_tree *to)
{
	char pid[32];

	errno = 0;
	while (fscanf(list, "%31s", pid) == 1) {
		if (cgroup_write(to->fd, "cgroup.procs", pid) < 0 &&
		    errno != ESRCH)
			return error_call(NULL, "move process %s to %s", pid,
					  to->group);
		errno = 0;
	}
	if (ferror(list) && look_answer(-1) < 0)
		return error_call(NULL, "list the processes for %s", to->group);
	return 0;
}

static int extend_move(int from, const struct cgroup_tree *to)
{
	int fd, answer = look_open(from, "cgroup.procs", O_RDONLY, &fd), result;
	FILE *list;

	if (answer == 0)
		return 0;
	list = answer > 0 ? fdopen(fd, "re") : NULL;
	if (!list) {
		error_call(NULL, "list the processes for %s", to->group);
		cleanup_close(&fd);
		return -1;
	}
	result = extend_move_listed(list, to);
	fclose(list);
	return result;
}

/* What is in the groups below goes to the same one group. */
static int extend_move_all(int from, const struct cgroup_tree *to)
{
	struct cgroup_walk walk = cgroup_walk_begin(from);
	int found, result = 0;

	while (result == 0 && (found = cgroup_walk_next(&walk)) > 0)
		result = extend_move(walk.dir, to);
	cgroup_walk_end(&walk);
	return result == 0 && found < 0
		       ? error_call(NULL, "list the groups below that of %s",
				    to->group)
		       : result;
}

/* One that is paused stays so. */
static int extend_fill(const struct cgroup *cg, const struct cgroup_tree *to)
{
	const struct cgroup_tree *from = &cg->others->trees[0];
	int result, was_frozen;

	if (!from->group)
		from = trees_with(cg, "freezer.state");
	if (!from || !from->group || from == to)
		return 0;
	was_frozen = existing_is_frozen(from);
	if (was_frozen < 0)
		return error_call(NULL, "look whether %s is frozen",
				  from->group);
	if (!was_frozen && cgroup_freeze(cg, true) < 0)
		return -1;
	result = extend_move_all(from->fd, to);
	if (!was_frozen && cgroup_freeze(cg, false) < 0)
		return -1;
	return result;
}

/* v2: through all levels from the top; the group at the end is there. */
static int extend_hand_down(struct cgroup *cg, struct cgroup_tree *tree)
{
	if (!existing_below_top(tree, cg->others->path))
		return 0; /* the owner of what is above has handed down */
	trees_let_go(cg, tree);
	return existing_make_path(cg, tree);
}

int cgroup_complete(struct cgroup *cg)
{
	struct cgroup_tree *trees = cg->others->trees;

	cg->others->every_tree = true;
	for (int i = 1; i < TREES_MAX; i++)
		if (trees[i].top && !trees[i].group &&
		    existing_make_path(cg, &trees[i]) < 0)
			return -1;
	cg->others->every_tree = false;
	return 0;
}

int cgroup_extend(struct cgroup *cg, const struct cgroup_limit *limits,
		  bool rules)
{
	cg->others->limits = limits ? limits : cg->others->settings;
	cg->others->rules = rules;
	for (int i = 0; i < TREES_MAX; i++) {
		struct cgroup_tree *tree = &cg->others->trees[i];

		if (!others_need(cg, tree))
			continue;
		if (tree->is_v2 && tree->group &&
		    extend_hand_down(cg, tree) < 0)
			return -1;
		if (tree->is_v2 || tree->group)
			continue;
		if (existing_make_path(cg, tree) < 0 ||
		    (tree->group && extend_fill(cg, tree) < 0))
			return -1;
	}
	return 0;
}
