/*
 * Find a container's group again, and read from it who is in it.
 *
 * Its path is in the state.  A machine with cgroup v1 has a tree for each
 * controller, and the path is the same in all of them.
 */
#include "10-full-container/group/group.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "habits/look.h"
#include "05-cgroups/beyond/at_path.h"
#include "05-cgroups/beyond/lists.h"
#include "05-cgroups/beyond/others.h"
#include "05-cgroups/beyond/stats.h"
#include "05-cgroups/beyond/trees.h"
#include "05-cgroups/beyond/walk.h"
#include "05-cgroups/files.h"
#include "10-full-container/guard/path.h"

/* Each verb is a new process: it has nothing but the path. */
int group_find(const struct state *state, struct cgroup *cg)
{
	const char *path = state_text(state, "cgroup");
	int found;

	if (!path)
		return 0;
	found = cgroup_try_open(cg, path);
	return found < 0 || group_check_seen(state, cg) < 0 ? -1 : found;
}

/* The tree that can freeze: v2 always can, in v1 a controller does it. */
static const struct cgroup_tree *group_freezer(const struct cgroup *cg)
{
	const struct cgroup_tree *tree =
		trees_with(cg, cg->path ? "cgroup.freeze" : "freezer.state");

	return tree && tree->group ? tree : NULL;
}

/*
 * "groups" has the directory in each tree, by the tree's name: "" is v2's.
 * "olderGroups" has those that were there before.
 */
static int group_note_trees(struct state *state, const struct cgroup *cg)
{
	json_t *groups = json_object(), *older = json_object();
	int result = 0;

	trees_each (cg, tree) {
		char name[TREES_NAME];

		trees_name(tree, name);
		result |= json_object_set_new(groups, name,
					      json_string(tree->group));
		if (tree->existed)
			result |= json_object_set_new(older, name, json_true());
	}
	result |= json_object_set_new(state->json, "groups", groups);
	result |= json_object_set_new(state->json, "olderGroups", older);
	return result;
}

int group_note(struct state *state, const struct cgroup *cg)
{
	/* Without one it cannot be paused, and so it is not. */
	const struct cgroup_tree *freezer = group_freezer(cg);

	if (group_note_trees(state, cg) < 0 ||
	    (freezer && json_object_set_new(state->json, "freezer",
					    json_string(freezer->group)) < 0))
		return error_call(NULL, "note the groups of container %s",
				  state->id);
	return 0;
}

/* The trees may be listed in another order than when it was noted. */
void group_older(const struct state *state, const struct cgroup *cg)
{
	const json_t *older = json_object_get(state->json, "olderGroups");

	trees_each (cg, tree) {
		char name[TREES_NAME];

		trees_name(tree, name);
		tree->existed = json_object_get(older, name) != NULL;
	}
}

/*
 * A container without limits needs no group.  But engines that count on one
 * say so, and are told now and not at their first `pause`.
 */
int group_require(const struct state *state, const struct cgroup *cg)
{
	if (trees_next(cg, NULL))
		return 0;
	return error_input("run as root, or in a group that was given to you: "
			   "systemd-run --user --scope -p Delegate=yes "
			   "COMMAND",
			   "make a group for container %s: none can be made "
			   "here (--rootless false)",
			   state->id);
}

/* Of v2, and if that file is not there, of v1: FREEZING, FROZEN. */
static int group_read_frozen(int dir, bool *is_frozen)
{
	char text[CGROUP_TEXT];
	int answer = look_answer(cgroup_read_text(dir, "cgroup.events", text));

	if (answer > 0) {
		*is_frozen = cgroup_find_number(text, "frozen") == 1;
		return 0;
	}
	if (answer == 0)
		answer = look_answer(
			cgroup_read_text(dir, "freezer.state", text));
	*is_frozen = answer > 0 && strncmp(text, "FR", 2) == 0;
	return answer < 0 ? -1 : 0;
}

/*
 * By the path that was noted, since looking for the trees means to read all
 * of mountinfo, and each verb asks.  No group, no freezer: not frozen.
 */
int group_is_frozen(const struct state *state, bool *is_frozen)
{
	const char *path = state_text(state, "freezer");
	CLEANUP_CLOSE int dir = -1;
	int answer =
		path ? look_open(AT_FDCWD, path, O_PATH | O_DIRECTORY, &dir)
		     : 0;

	*is_frozen = false;
	if (answer > 0)
		answer = group_read_frozen(dir, is_frozen);
	if (answer < 0)
		return error_call(NULL, "look at the freezer of container %s",
				  state->id);
	return 0;
}

int group_freeze(const struct state *state, bool freeze)
{
	struct cgroup cg = { 0 };
	int result = -1, found = group_find(state, &cg);

	if (found == 0)
		error_input(NULL, "%s: the container %s has no group",
			    freeze ? "pause" : "resume", state->id);
	if (found > 0)
		result = cgroup_freeze(&cg, freeze);
	cgroup_close(&cg);
	return result;
}

/* By the path that was noted, as above.  v2's tree has no name. */
int group_thaw(const struct state *state)
{
	json_t *groups = json_object_get(state->json, "groups"), *path;
	const char *name;

	json_object_foreach(groups, name, path)
	{
		CLEANUP_CLOSE int dir = -1;
		int answer = 0;

		if (cgroup_has(name, "freezer") && json_is_string(path))
			answer = look_open(AT_FDCWD, json_string_value(path),
					   O_RDONLY | O_DIRECTORY, &dir);
		if (answer < 0)
			return error_call(NULL, "open the group %s",
					  json_string_value(path));
		if (answer > 0 && others_thaw_below(dir) < 0)
			return -1;
	}
	return 0;
}

/* Who is in one tree's group is in those of the other trees as well. */
int group_list(const struct cgroup *cg, pid_t **pids)
{
	const struct cgroup_tree *tree = trees_next(cg, NULL);
	int count = 0;

	*pids = NULL;
	if (tree)
		count = cgroup_walk_processes(tree->fd, pids);
	return count < 0 ? error_call(NULL, "list the processes in %s",
				      tree->group)
			 : count;
}

/* In the trees of other controllers it stays where the container is. */
static void group_choose_below(struct cgroup *below, const char *controller)
{
	trees_each (below, tree)
		if (!cgroup_has(tree->controllers, controller))
			trees_let_go(below, tree);
}

/* A v1 cpuset that nobody has filled takes no process. */
static int group_fill_below(const struct cgroup *cg, const struct cgroup *below)
{
	const struct cgroup_tree *from = trees_with(cg, "cpuset.cpus");
	const struct cgroup_tree *to = trees_with(below, "cpuset.cpus");

	if (!from || !from->group || from->is_v2 || !to || !to->group)
		return 0;
	return existing_fill(from->fd, to->fd, to->group);
}

/*
 * A container may divide its group: systemd inside does.  With cgroup v2 the
 * top of such a division has no processes of its own any more, and who comes in
 * from outside has to say where to.
 *
 * "user.slice" is looked for in all trees; "memory:user.slice", for v1, only in
 * that of memory.
 */
int group_open_below(const struct cgroup *cg, const char *word,
		     struct cgroup *below, struct clone_args *args)
{
	const char *colon = strchr(word, ':');
	const char *path = colon ? colon + 1 : word;
	CLEANUP_FREE char *whole = NULL;
	char controller[32];
	int found;

	if (path_has_dots(path))
		return error_input(NULL,
				   "option --cgroup: \"%s\" is not below the "
				   "container's group",
				   word);
	if (asprintf(&whole, "%s/%s", cg->others->path, path) < 0)
		return error_call(NULL, "open the group %s", path);
	snprintf(controller, sizeof(controller), "%.*s",
		 (int)(colon ? colon - word : 0), word);
	found = cgroup_try_open(below, whole);
	if (found < 0)
		return -1;
	if (found > 0 && controller[0])
		group_choose_below(below, controller);
	if (!trees_next(below, NULL))
		return error_input("make it first, or let the container do it",
				   "option --cgroup: there is no group %s",
				   whole);
	if (group_fill_below(cg, below) < 0)
		return -1;
	cgroup_clone_into(below, args);
	return 0;
}
