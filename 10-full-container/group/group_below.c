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

#include "habits/error.h"
#include "05-cgroups/beyond/cgroup_v1.h"
#include "05-cgroups/beyond/make.h"
#include "05-cgroups/beyond/tree.h"
#include "05-cgroups/files.h"
#include "10-full-container/group/group.h"
#include "10-full-container/guard/path.h"

/* In the trees of other controllers it stays where the container is. */
static void below_choose(struct cgroup *below, const char *controller)
{
	for (int i = 0; i < CGROUP_TREES; i++) {
		struct cgroup_tree *tree = &below->trees[i];

		if (!tree->group || cgroup_has(tree->controllers, controller))
			continue;
		close(tree->fd);
		free(tree->group);
		tree->group = NULL;
	}
}

/* A v1 cpuset that nobody has filled takes no process. */
static int below_fill(const struct cgroup *cg, const struct cgroup *below)
{
	for (int i = 1; i < CGROUP_TREES; i++)
		if (cg->trees[i].group && below->trees[i].group &&
		    cgroup_has(cg->trees[i].controllers, "cpuset") &&
		    cgroup_v1_prepare(cg->trees[i].fd, below->trees[i].fd,
				      below->trees[i].group) < 0)
			return -1;
	return 0;
}

static bool below_is_anywhere(const struct cgroup *below)
{
	for (int i = 0; below->trees && i < CGROUP_TREES; i++)
		if (below->trees[i].group)
			return true;
	return false;
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
	char controller[32], *whole = NULL;
	int found;

	if (path_has_dots(path))
		return error_input(NULL,
				   "option --cgroup: \"%s\" is not below the "
				   "container's group",
				   word);
	if (asprintf(&whole, "%s/%s", cg->path, path) < 0)
		return error_call(NULL, "open the group %s", path);
	below->path = whole;
	snprintf(controller, sizeof(controller), "%.*s",
		 (int)(colon ? colon - word : 0), word);
	found = cgroup_try_open(below);
	if (found < 0)
		return -1;
	if (found > 0 && controller[0])
		below_choose(below, controller);
	if (!below_is_anywhere(below))
		return error_input("make it first, or let the container do it",
				   "option --cgroup: there is no group %s",
				   whole);
	if (below_fill(cg, below) < 0)
		return -1;
	cgroup_clone_into(below, args);
	return 0;
}

/* Safe for one that was never opened. */
void group_close_below(struct cgroup *below)
{
	cgroup_close(below);
	free((char *)below->path);
	below->path = NULL;
}
