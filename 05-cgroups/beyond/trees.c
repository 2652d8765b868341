/* A list of trees, the first for v2, in which those that are none are left out. */
#include "05-cgroups/beyond/trees.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "habits/error.h"
#include "05-cgroups/beyond/lists.h"

/* The options have been read; a list of any length comes by existing.h. */
int trees_begin(struct cgroup *cg)
{
	struct others *others = cg->others;

	if (others)
		return 0;
	cg->others = others = calloc(1, sizeof(struct others));
	if (!others)
		return error_call(NULL, "keep the list of cgroup trees");
	for (int i = 0; i < CGROUP_SETTINGS; i++)
		others->settings[i] = (struct cgroup_limit){
			.file = cg->settings[i].file,
			.value = cg->settings[i].value,
			.is_optional = cg->settings[i].is_optional,
		};
	others->limits = others->settings;
	others->locks = -1;
	return 0;
}

struct cgroup_tree *trees_next(const struct cgroup *cg,
			       const struct cgroup_tree *last)
{
	struct cgroup_tree *trees = cg->others ? cg->others->trees : NULL;

	for (long i = last ? last - trees + 1 : 0; trees && i < TREES_MAX; i++)
		if (trees[i].group)
			return &trees[i];
	return NULL;
}

/*
 * A file's name begins with its controller's: "memory.max".  v2 comes first
 * in the list, but a controller can only be in one tree anyway.  The files
 * that begin with "cgroup." are v2's own.
 */
struct cgroup_tree *trees_with(const struct cgroup *cg, const char *file)
{
	char *controller =
		strndupa(file, strcspn(file, ".")); /* all of it, without */
	struct cgroup_tree *trees = cg->others ? cg->others->trees : NULL;

	if (strcmp(controller, "cgroup") == 0)
		return trees;
	for (int i = 0; trees && i < TREES_MAX; i++)
		if (cgroup_has(trees[i].controllers, controller))
			return &trees[i];
	return NULL;
}

struct cgroup_tree *trees_named(const struct cgroup *cg, const char *wanted)
{
	char name[TREES_NAME];

	for (int i = 0; cg->others && i < TREES_MAX; i++) {
		struct cgroup_tree *tree = &cg->others->trees[i];

		if (!tree->controllers)
			continue;
		trees_name(tree, name);
		if (strcmp(name, wanted) == 0)
			return tree;
	}
	return NULL;
}

bool trees_have_v1(const struct cgroup *cg)
{
	for (int i = 1; cg->others && i < TREES_MAX; i++)
		if (cg->others->trees[i].controllers)
			return true;
	return false;
}

/* The list has the mount's options, too. */
void trees_name(const struct cgroup_tree *tree, char name[TREES_NAME])
{
	static const char others[] =
		"rw,ro,xattr,clone_children,noprefix,cpuset_v2_mode,"
		"favordynmods,io";
	char *rest = strdupa(tree->controllers), *word;
	size_t used = 0;

	name[0] = '\0';
	while (!tree->is_v2 && (word = cgroup_next_word(&rest, ",")))
		if (!cgroup_has(others, word) && used < TREES_NAME &&
		    (!strchr(word, '=') || strncmp(word, "name=", 5) == 0))
			used += (size_t)snprintf(name + used, TREES_NAME - used,
						 "%s%s", used ? "," : "", word);
}

void trees_hold(struct cgroup *cg, struct cgroup_tree *tree, int fd,
		char *group)
{
	tree->fd = fd;
	tree->group = group;
	if (tree->is_v2) {
		cg->dir = fd;
		cg->path = group;
	}
}

void trees_let_go(struct cgroup *cg, struct cgroup_tree *tree)
{
	close(tree->fd);
	free(tree->group);
	trees_hold(cg, tree, -1, NULL);
}
