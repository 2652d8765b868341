/* There is no handle to a group but its path, which is the same in all trees. */
#include "05-cgroups/beyond/existing.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "habits/look.h"
#include "05-cgroups/beyond/at_path.h"
#include "05-cgroups/beyond/others.h"
#include "05-cgroups/beyond/own.h"
#include "05-cgroups/beyond/stats.h"
#include "05-cgroups/beyond/top.h"
#include "05-cgroups/beyond/why.h"
#include "05-cgroups/files.h"

/* With CLONE_INTO_CGROUP, where there is a v2. */
void cgroup_clone_into(const struct cgroup *cg, struct clone_args *args)
{
	if (!args || !cg->path)
		return;
	args->flags |= CLONE_INTO_CGROUP;
	args->cgroup = (__u64)cg->dir;
}

/* Of what did not exist, the way out then removes what was made already. */
static void existing_leave(struct cgroup *cg)
{
	trees_each (cg, tree)
		if (tree->existed)
			trees_let_go(cg, tree);
}

/*
 * A process in it, or in a group below it, which only v2 counts?  Of the
 * answers of look.h.  (EOPNOTSUPP: a threaded group, which v2 has counted.)
 */
static int existing_is_used(const struct cgroup_tree *tree)
{
	char text[CGROUP_TEXT];
	long long populated;
	int answer = cgroup_number(tree->fd, "cgroup.events", "populated",
				   &populated);

	if (answer < 0 || populated == 1)
		return answer;
	answer = cgroup_look_text(tree->fd, "cgroup.procs", text);
	return answer > 0 ? text[0] != '\0' : answer;
}

int existing_is_frozen(const struct cgroup_tree *tree)
{
	char text[CGROUP_TEXT];
	int answer = cgroup_look_text(tree->fd, "cgroup.freeze", text);

	if (answer > 0)
		return text[0] == '1';
	if (answer == 0)
		answer = cgroup_look_text(tree->fd, "freezer.state", text);
	return answer > 0 ? strcmp(text, "THAWED\n") != 0 : answer;
}

static int existing_check_one(const struct cgroup_tree *tree)
{
	int is_used = existing_is_used(tree);
	int is_frozen = is_used == 0 ? existing_is_frozen(tree) : 0;

	if (is_used < 0 || is_frozen < 0)
		return error_call(NULL, "look whether the group %s is in use",
				  tree->group);
	if (!is_used && !is_frozen)
		return 0;
	return error_input(is_used ? "choose another group, or stop them"
				   : "thaw it first: echo 0 >cgroup.freeze",
			   "use the group %s: %s", tree->group,
			   is_used ? "there are processes in it"
				   : "it is frozen");
}

/*
 * What is in a group is somebody else's.  It is left alone, and so must our
 * way out leave it: it must not kill what it did not start.
 */
static int existing_check(struct cgroup *cg)
{
	if (!cgroup_has_existed(cg))
		return 0;
	trees_each (cg, tree)
		if (existing_check_one(tree) < 0)
			return -1;
	return 0;
}

static int existing_make_all(struct cgroup *cg)
{
	for (int i = 0; i < TREES_MAX; i++) {
		struct cgroup_tree *tree = &cg->others->trees[i];

		if (others_need(cg, tree) && existing_make_path(cg, tree) < 0)
			return -1;
	}
	return 0;
}

/* What was made is removed again if a later step fails; nobody is in it. */
int cgroup_create_at(struct cgroup *cg, const char *path,
		     const struct cgroup_limit *limits, bool rules,
		     struct clone_args *args)
{
	if (trees_begin(cg) < 0)
		return -1;
	cg->others->path = path;
	cg->others->limits = limits ? limits : cg->others->settings;
	cg->others->rules = rules;
	cg->others->every_tree = true;
	if (top_find(cg) < 0)
		return -1;
	if (existing_make_all(cg) < 0 || existing_check(cg) < 0 ||
	    cgroup_limit_all(cg, cg->others->limits) < 0 ||
	    why_not_to_start(cg) < 0) {
		cgroup_remove_made(cg, true);
		return -1;
	}
	cgroup_clone_into(cg, args);
	return 0;
}

int cgroup_expect_rules(struct cgroup *cg, bool rules)
{
	if (trees_begin(cg) < 0)
		return -1;
	cg->others->rules = rules;
	return 0;
}

/* 0, or -1 after a message; with `may_wait` 1 without one: see below. */
static int existing_limit(const struct cgroup *cg, const struct cgroup_limit *l,
			  bool may_wait)
{
	const struct cgroup_tree *tree = trees_with(cg, l->file);

	if (tree &&
	    l->layout == (tree->is_v2 ? CGROUP_V1_ONLY : CGROUP_V2_ONLY))
		return 0;
	if (tree && tree->group) {
		if (settings_write(tree, l->file, l->value) == 0)
			return 0;
		if (may_wait && errno == EINVAL)
			return 1;
	}
	return why_not_set(cg, l);
}

/*
 * A limit holds for the group as a whole, and from the next moment on.  The
 * kernel compares some with each other, as a burst with its quota: what it
 * refuses beside the old values it may take beside the new ones.  So that
 * comes again, after the others.
 */
int cgroup_limit_all(const struct cgroup *cg, const struct cgroup_limit *list)
{
	CLEANUP_FREE const struct cgroup_limit **waiting = NULL;
	size_t count = 0, length = 0;
	int answer;

	while (list[length].file)
		length++;
	waiting = calloc(length + 1, sizeof(struct cgroup_limit *));
	if (!waiting)
		return error_call(NULL, "set the limits");
	for (; list->file; list++) {
		answer = existing_limit(cg, list, true);
		if (answer < 0)
			return -1;
		if (answer > 0)
			waiting[count++] = list;
	}
	for (size_t i = 0; i < count; i++)
		if (existing_limit(cg, waiting[i], false) < 0)
			return -1;
	return 0;
}

/* Open the container's group in one tree, if it is there. */
static int existing_open(struct cgroup *cg, struct cgroup_tree *tree,
			 const char *path)
{
	/* With a "/" it can be elsewhere, in what systemd made for a user. */
	const char *above = path[0] == '/' ? tree->point : tree->top;
	int fd, answer;
	char *group;

	if (!above)
		return 0;
	if (asprintf(&group, "%s/%s", above, path + strspn(path, "/")) < 0)
		return error_call(NULL, "keep the name of a group");
	answer = look_open(AT_FDCWD, group, O_RDONLY | O_DIRECTORY, &fd);
	if (answer < 0)
		error_call(NULL, "open the group %s", group);
	if (answer > 0)
		trees_hold(cg, tree, fd, group);
	else
		free(group);
	return answer;
}

/* Each in its tree has the same path, since one program made them all. */
int cgroup_try_open(struct cgroup *cg, const char *path)
{
	int answer, found = 0;

	if (top_find(cg) < 0)
		return -1;
	cg->others->path = path;
	for (int i = 0; i < TREES_MAX; i++) {
		answer = existing_open(cg, &cg->others->trees[i], path);
		if (answer < 0)
			return -1;
		found |= answer;
	}
	return found;
}

/*
 * For one more process of a container that runs: stage 10's exec.  It is born
 * in the group on v2, and has to join it on v1 (cgroup_join()).
 */
int cgroup_open(struct cgroup *cg, const char *path, struct clone_args *args)
{
	int found = cgroup_try_open(cg, path);

	if (found <= 0)
		cgroup_close(cg);
	if (found == 0)
		error_input("it may have been removed, or this user may not "
			    "write to it",
			    "open the group %s: there is none", path);
	if (found <= 0)
		return -1;
	cgroup_clone_into(cg, args);
	return 0;
}

bool cgroup_has_existed(const struct cgroup *cg)
{
	trees_each (cg, tree)
		if (tree->existed)
			return true;
	return false;
}

void cgroup_adopt(struct cgroup *cg)
{
	trees_each (cg, tree)
		tree->existed = false;
}

/*
 * To look for processes takes descriptors, and their lack may be why all of it
 * is undone: so nobody looks for those that cannot be there.
 */
int cgroup_remove_made(struct cgroup *cg, bool is_unused)
{
	int result = is_unused ? 0 : cgroup_kill(cg);

	existing_leave(cg);
	if (own_rmdir(cg) < 0)
		result = -1;
	cgroup_close(cg);
	return result;
}
