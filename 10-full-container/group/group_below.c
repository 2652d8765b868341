/*
 * A group below the container's own.
 *
 * A container may divide its group: systemd inside does.  With cgroup v2 the
 * top of such a division has no processes of its own any more, and who comes
 * in from outside has to say where to.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "05-cgroups/beyond/at_path.h"
#include "05-cgroups/beyond/lists.h"
#include "05-cgroups/beyond/trees.h"
#include "10-full-container/group/group.h"
#include "10-full-container/guard/path.h"

/* In the trees of other controllers it stays where the container is. */
static void below_choose(struct cgroup *below, const char *controller)
{
	trees_each (below, tree)
		if (!cgroup_has(tree->controllers, controller))
			trees_let_go(below, tree);
}

/* A v1 cpuset that nobody has filled takes no process. */
static int below_fill(const struct cgroup *cg, const struct cgroup *below)
{
	const struct cgroup_tree *from = trees_with(cg, "cpuset.cpus");
	const struct cgroup_tree *to = trees_with(below, "cpuset.cpus");

	if (!from || !from->group || from->is_v2 || !to || !to->group)
		return 0;
	return existing_fill(from->fd, to->fd, to->group);
}

/*
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
		below_choose(below, controller);
	if (!trees_next(below, NULL))
		return error_input("make it first, or let the container do it",
				   "option --cgroup: there is no group %s",
				   whole);
	if (below_fill(cg, below) < 0)
		return -1;
	cgroup_clone_into(below, args);
	return 0;
}
