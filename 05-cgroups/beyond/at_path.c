/*
 * A group at a path, in one tree: level by level, because controllers are
 * handed down level by level.  And a controller more, for a container that
 * runs: with v1 that can need a new group, and then all its processes must
 * move.  None may fork while the list of them is read, or its child would stay
 * behind: hence the freezer.
 */
#include "05-cgroups/beyond/at_path.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "05-cgroups/beyond/existing.h"
#include "05-cgroups/beyond/lists.h"
#include "05-cgroups/beyond/others.h"
#include "05-cgroups/beyond/own.h"
#include "05-cgroups/beyond/top.h"
#include "05-cgroups/beyond/walk.h"
#include "05-cgroups/beyond/why.h"
#include "05-cgroups/files.h"

/* As in cgroup.c.  `is_ours`: the kit made this group. */
static int existing_enable(const struct cgroup *cg, int dir, const char *path,
			   bool is_ours)
{
	bool is_above = strcmp(path, cg->others->trees[0].top) == 0;
	char words[CGROUP_TEXT];

	if (!top_choose_more(cg, dir, cg->others->every_tree && !is_above,
			     words))
		return 0;
	/* In one write(2), if it is taken: each takes the kernel its time. */
	if ((why_not_to_enable(dir) ||
	     cgroup_write(dir, "cgroup.subtree_control", words) < 0) &&
	    why_not_enabled(cg, dir, words) < 0)
		return -1;
	return is_ours ? 0 : top_announce(cg, dir, words);
}

/* A v1 cpuset is born empty, and no process may join it until it is filled. */
int existing_fill(int parent, int group, const char *path)
{
	static const char *const files[] = { "cpuset.cpus", "cpuset.mems" };
	char text[CGROUP_TEXT];

	for (int i = 0; i < 2; i++) {
		if (cgroup_read_text(group, files[i], text) < 0)
			continue; /* another controller's tree */
		if (text[0] != '\n' && text[0] != '\0')
			continue;
		if (cgroup_read_text(parent, files[i], text) < 0 ||
		    cgroup_write(group, files[i], text) < 0)
			return error_call(NULL, "copy %s from above to %s",
					  files[i], path);
	}
	return 0;
}

/*
 * Make the group `name` in `dir` and open it.  `path` grows by the name, and
 * `*is_ours` turns from what it was for `dir` to what it is for the group.
 * A new group that cannot be used is removed again.
 */
static int existing_descend(const struct cgroup *cg, struct cgroup_tree *tree,
			    int dir, const char *name, char path[PATH_MAX],
			    bool *is_ours)
{
	size_t length = strlen(path);
	bool is_new;
	int group;

	/*
	 * First the group above hands its controllers down: only then does the
	 * new directory get their files.
	 */
	if (tree->is_v2 && existing_enable(cg, dir, path, *is_ours) < 0)
		return -1;
	snprintf(path + length, PATH_MAX - length, "/%s", name);
	if (strcmp(name, "..") == 0)
		return error_input(NULL,
				   "make the group %s: it is not below "
				   "the group of its maker",
				   path);
	is_new = mkdirat(dir, name, 0755) == 0;
	if (!is_new && errno != EEXIST)
		return why_do_without(cg, tree)
			       ? -1
			       : error_call(why_no_group, "make the group %s",
					    path);
	*is_ours = is_new || strcmp(name, OWN_PARENT) == 0;
	group = openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (group < 0)
		error_call(NULL, "open the group %s", path);
	else if (tree->is_v2 || !cgroup_has(tree->controllers, "cpuset") ||
		 existing_fill(dir, group, path) == 0)
		return group;
	else
		close(group);
	if (is_new)
		unlinkat(dir, name, AT_REMOVEDIR);
	return -1;
}

int existing_make(struct cgroup *cg, struct cgroup_tree *tree,
		  const char *below)
{
	CLEANUP_FREE char *words = strdup(below);
	char path[PATH_MAX], *rest = words, *name;
	int group, dir = open(tree->top, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool is_ours = false;

	if (!words || dir < 0)
		return error_call(NULL, "open the group %s", tree->top);
	snprintf(path, sizeof(path), "%s", tree->top);
	while ((name = cgroup_next_word(&rest, "/"))) {
		group = existing_descend(cg, tree, dir, name, path, &is_ours);
		close(dir);
		if (group < 0)
			return tree->top ? -1 : 0;
		dir = group;
		if (is_ours && !tree->ours)
			tree->ours = strlen(path);
	}
	rest = strdup(path);
	if (!rest) {
		close(dir);
		return error_call(NULL, "keep a group's name");
	}
	trees_hold(cg, tree, dir, rest);
	tree->existed = !is_ours;
	return 0;
}

const char *existing_below_top(const struct cgroup_tree *tree, const char *path)
{
	const char *way = tree->top + strlen(tree->point);
	size_t length = strlen(way);

	if (path[0] != '/')
		return path;
	if (strncmp(path, way, length) != 0 || !strchr("/", path[length]))
		return NULL;
	return path + length;
}

/*
 * Without a limit for it nobody needs one: so where the caller may not make it
 * there is none, without an error.
 */
int existing_make_path(struct cgroup *cg, struct cgroup_tree *tree)
{
	const char *below = existing_below_top(tree, cg->others->path);

	if (below)
		return existing_make(cg, tree, below);
	for (const struct cgroup_limit *s = cg->others->limits; s->file; s++)
		if (!s->is_optional && trees_with(cg, s->file) == tree)
			return error_input(
				"give a path below it, or one without a "
				"leading /",
				"%smake the group %s: this user may make "
				"groups only below %s",
				s->origin ? s->origin : "", cg->others->path,
				tree->top + strlen(tree->point));
	return 0;
}

/*
 * With all their threads, and what is in the groups below to the same one.  A
 * process that has ended meanwhile needs no group.
 */
static int extend_move(int from, const struct cgroup_tree *to)
{
	CLEANUP_FREE pid_t *pids = NULL;
	int count = cgroup_walk_processes(from, &pids);
	char pid[32];

	if (count < 0)
		return error_call(NULL, "list the processes for %s", to->group);
	for (int i = 0; i < count; i++) {
		snprintf(pid, sizeof(pid), "%d", pids[i]);
		if (cgroup_write(to->fd, "cgroup.procs", pid) < 0 &&
		    errno != ESRCH)
			return error_call(NULL, "move process %s to %s", pid,
					  to->group);
	}
	return 0;
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
	result = extend_move(from->fd, to);
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
