#include "05-cgroups/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "01-uts/cleanup.h"
#include "01-uts/error.h"
#include "05-cgroups/internal.h"

static const struct hint make_hints[] = {
	{ EACCES, "only the owner of a group may make groups below it" },
	{ EAGAIN, "too many groups: see cgroup.max.descendants and "
		  "cgroup.max.depth in the groups above" },
	{ 0, NULL },
};

static const struct hint enable_hints[] = {
	{ EBUSY, "a group that has processes of its own cannot (the \"no "
		 "internal processes\" rule): first move them one down, mkdir "
		 "GROUP/shell; echo PID >GROUP/shell/cgroup.procs" },
	{ EOPNOTSUPP, "its groups are threaded, because cpu or pids were "
		      "enabled over processes: see cgroup.type" },
	{ EINVAL, "a real-time process outside the root group forbids the cpu "
		  "controller (CONFIG_RT_GROUP_SCHED)" },
	{ ENOENT, "the groups above do not hand this controller down" },
	{ EACCES, "only the owner of a group may do that" },
	{ 0, NULL },
};

static const struct hint limit_hints[] = {
	{ EINVAL, "the kernel does not take this value" },
	{ ERANGE, "the kernel does not take a value that large" },
	{ EBUSY, "more than that is in use already" },
	{ ENODEV, "give a whole disk, not a partition: see lsblk" },
	{ ENOENT, "this kernel has no such file: too old, cgroup v1, or built "
		  "without the feature" },
	{ EACCES, "limits are set by the owner of the group, or the group "
		  "above allows less" },
	{ 0, NULL },
};

static const struct hint namespace_hints[] = {
	{ EPERM, "a new cgroup namespace needs CAP_SYS_ADMIN" },
	{ EINVAL, "this kernel was built without control groups" },
	{ 0, NULL },
};

static bool cgroup_is_limited(const struct cgroup *cg, const char *controller)
{
	size_t length = strlen(controller);

	for (int i = 0; cg->settings[i].file; i++)
		if (strncmp(cg->settings[i].file, controller, length) == 0 &&
		    cg->settings[i].file[length] == '.')
			return true;
	return false;
}

static bool cgroup_is_wanted(const struct cgroup *cg, const char *controller)
{
	return cg->all_controllers || cgroup_is_limited(cg, controller) ||
	       (cg->stats && cgroup_has("memory pids cpuacct", controller));
}

/*
 * A group has the files of a controller only if the group above it lists
 * that controller in cgroup.subtree_control.  It is never taken off again:
 * somebody else may have come to rely on it.
 */
static int cgroup_enable(const struct cgroup *cg, int dir, const char *path)
{
	char have[CGROUP_TEXT], on[CGROUP_TEXT], add[64];
	char *rest = have, *name;

	cgroup_read_text(dir, "cgroup.controllers", have);
	cgroup_read_text(dir, "cgroup.subtree_control", on);
	while ((name = cgroup_next_word(&rest, " \n"))) {
		if (cgroup_has(on, name) || !cgroup_is_wanted(cg, name))
			continue;
		snprintf(add, sizeof(add), "+%s", name);
		if (cgroup_write(dir, "cgroup.subtree_control", add) < 0) {
			if (!cgroup_is_limited(cg, name))
				continue; /* only the report needs it */
			return error_call(enable_hints,
					  "enable the %s controller in %s",
					  name, path);
		}
		if (!strstr(path, "/" CGROUP_PARENT))
			error_note("enabled the %s controller in %s; it stays "
				   "enabled",
				   name, path);
	}
	return 0;
}

/* Make the group `name` in `dir` and open it.  `path` grows by the name. */
static int cgroup_descend(const struct cgroup *cg,
			  const struct cgroup_tree *tree, int dir,
			  const char *name, char path[PATH_MAX])
{
	size_t length = strlen(path);
	int group;

	if (tree->is_v2 && cgroup_enable(cg, dir, path) < 0)
		return -1;
	snprintf(path + length, PATH_MAX - length, "/%s", name);
	if (mkdirat(dir, name, 0755) < 0 && errno != EEXIST)
		return error_call(make_hints, "make the group %s", path);
	group = openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (group < 0)
		return error_call(NULL, "open the group %s", path);
	if (!tree->is_v2 && cgroup_v1_prepare(dir, group, path) < 0) {
		close(group);
		return -1;
	}
	return group;
}

int cgroup_make(const struct cgroup *cg, struct cgroup_tree *tree,
		const char *below)
{
	CLEANUP_FREE char *words = strdup(below);
	char path[PATH_MAX], *rest = words, *name;
	int group, dir = open(tree->top, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (dir < 0)
		return error_call(NULL, "open the group %s", tree->top);
	snprintf(path, sizeof(path), "%s", tree->top);
	while ((name = cgroup_next_word(&rest, "/"))) {
		group = cgroup_descend(cg, tree, dir, name, path);
		close(dir);
		if (group < 0)
			return -1;
		dir = group;
	}
	tree->fd = dir;
	tree->group = strdup(path);
	return tree->group ? 0 : error_call(NULL, "keep a group's name");
}

/* v2 always: to start in, to freeze, to kill.  v1: for its controllers. */
static bool cgroup_needs_tree(const struct cgroup *cg,
			      const struct cgroup_tree *tree)
{
	CLEANUP_FREE char *names = NULL;
	char *rest, *name;

	if (!tree->top || tree->is_v2)
		return tree->top != NULL;
	if (!cg->trees[0].top && cgroup_has(tree->controllers, "freezer"))
		return true;
	rest = names = strdup(tree->controllers);
	while ((name = cgroup_next_word(&rest, ",")))
		if (cgroup_is_wanted(cg, name) &&
		    cgroup_tree_for(cg, name) == tree)
			return true;
	return false;
}

/*
 * With CLONE_INTO_CGROUP the child is born in its group: no moment passes
 * outside of its limits, and nothing has to be moved.  Linux 5.7.
 */
static void cgroup_clone_into(const struct cgroup *cg, struct clone_args *args)
{
	if (!args || !cg->trees[0].group)
		return;
	args->flags |= CLONE_INTO_CGROUP;
	args->cgroup = (__u64)cg->trees[0].fd;
}

static int cgroup_make_all(struct cgroup *cg)
{
	for (int i = 0; i < CGROUP_TREES; i++) {
		struct cgroup_tree *tree = &cg->trees[i];

		if (!cgroup_needs_tree(cg, tree))
			continue;
		if (cg->path ? cgroup_make(cg, tree, cg->path) < 0
			     : cgroup_make_own(cg, tree) < 0)
			return -1;
	}
	return cgroup_limit(cg, cg->settings);
}

/* A group below one that has processes and shares cpu time by thread. */
static int cgroup_check_type(const struct cgroup *cg)
{
	char type[CGROUP_TEXT];

	if (!cg->trees[0].group ||
	    cgroup_read_text(cg->trees[0].fd, "cgroup.type", type) < 0 ||
	    strcmp(type, "domain invalid\n") != 0)
		return 0;
	return error_input(
		"controllers are enabled in the group above while it has "
		"processes of its own (the \"no internal processes\" rule): "
		"move those to a group beside this one",
		"use the group %s: its type is \"domain invalid\"",
		cg->trees[0].group);
}

int cgroup_create(struct cgroup *cg, struct clone_args *args)
{
	cgroup_find(cg);
	if (cgroup_make_all(cg) < 0 || cgroup_check_type(cg) < 0) {
		cgroup_remove(cg);
		return -1;
	}
	cgroup_clone_into(cg, args);
	return 0;
}

int cgroup_limit(const struct cgroup *cg, const struct cgroup_setting *list)
{
	for (; list->file; list++) {
		const struct cgroup_tree *tree =
			cgroup_tree_for(cg, list->file);
		int result;

		if (!tree || !tree->group)
			return cgroup_complain(cg, list->file);
		if (tree->is_v2)
			result =
				cgroup_write(tree->fd, list->file, list->value);
		else
			result = cgroup_v1_limit(tree->fd, list->file,
						 list->value);
		if (result < 0 && errno == ENOENT && tree->is_v2 &&
		    strcmp(list->file, "io.weight") == 0)
			result = cgroup_write_bfq(tree->fd, "io.bfq.weight",
						  list->value);
		if (result < 0 && (errno != ENOENT || !list->is_optional))
			return error_call(limit_hints, "set %s to %s in %s",
					  list->file, list->value, tree->group);
	}
	return 0;
}

int cgroup_join(const struct cgroup *cg, pid_t pid)
{
	char text[32];

	snprintf(text, sizeof(text), "%d", pid);
	for (int i = 1; i < CGROUP_TREES; i++)
		if (cg->trees[i].group &&
		    cgroup_write(cg->trees[i].fd, "cgroup.procs", text) < 0)
			return error_call(NULL, "move process %d to %s", pid,
					  cg->trees[i].group);
	return 0;
}

int cgroup_enter_namespace(struct cgroup *cg)
{
	for (int i = 0; i < CGROUP_TREES; i++) {
		if (cg->trees[i].group)
			close(cg->trees[i].fd);
		cg->trees[i].fd = -1;
	}
	if (unshare(CLONE_NEWCGROUP) < 0)
		return error_call(namespace_hints, "make a cgroup namespace");
	return 0;
}

int cgroup_freeze(const struct cgroup *cg, bool freeze)
{
	const struct cgroup_tree *tree = &cg->trees[0];

	if (!tree->group)
		tree = cgroup_tree_for(cg, "freezer.state");
	if (!tree || !tree->group)
		return error_input("freezing takes cgroup v2, or v1 with the "
				   "freezer controller",
				   "freeze the container: it has no group");
	if (!tree->is_v2)
		return cgroup_v1_freeze(tree, freeze);
	if (cgroup_write(tree->fd, "cgroup.freeze", freeze ? "1" : "0") < 0)
		return error_call(NULL, "%s %s", freeze ? "freeze" : "thaw",
				  tree->group);
	return cgroup_wait_event(tree, "frozen", freeze);
}

int cgroup_empty(const struct cgroup_tree *tree)
{
	if (!tree->is_v2)
		return cgroup_v1_empty(tree);
	if (cgroup_write(tree->fd, "cgroup.kill", "1") < 0 && errno != ENOENT &&
	    errno != ENODEV)
		return error_call(NULL, "kill what is in %s", tree->group);
	return cgroup_wait_event(tree, "populated", 0);
}

int cgroup_kill(const struct cgroup *cg)
{
	for (int i = 0; i < CGROUP_TREES; i++)
		if (cg->trees[i].group && cgroup_empty(&cg->trees[i]) < 0)
			return -1;
	return 0;
}

int cgroup_remove(struct cgroup *cg)
{
	int result = cgroup_kill(cg);

	for (int i = 0; i < CGROUP_TREES; i++) {
		struct cgroup_tree *tree = &cg->trees[i];

		if (tree->group) {
			if (cgroup_rmdir(tree) < 0)
				result = -1;
			close(tree->fd);
		}
		free(tree->controllers);
		free(tree->top);
		free(tree->group);
		*tree = (struct cgroup_tree){ .fd = -1 };
	}
	return result;
}
