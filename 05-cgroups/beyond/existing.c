/*
 * A group that another program made: open it, read it, let go of it.
 *
 * There is no handle to a group but its path, so the same path is tried in
 * every tree that the machine has.  The descriptors that are opened here keep
 * meaning the same group, even if the path is removed and made anew.
 */
#include "05-cgroups/beyond/existing.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "habits/error.h"
#include "habits/look.h"
#include "05-cgroups/beyond/cgroup_v1.h"
#include "05-cgroups/beyond/claim.h"
#include "05-cgroups/beyond/make.h"
#include "05-cgroups/files.h"

const char *cgroup_below_top(const struct cgroup_tree *tree, const char *path)
{
	const char *way = tree->top + strlen(tree->point);
	size_t length = strlen(way);

	if (path[0] != '/')
		return path;
	if (strncmp(path, way, length) != 0 || !strchr("/", path[length]))
		return NULL;
	return path + length;
}

/* Open the container's group in one tree, if it is there. */
static int cgroup_open_one(struct cgroup_tree *tree, const char *path)
{
	/* With a "/" it can be elsewhere, in what systemd made for a user. */
	const char *above = path[0] == '/' ? tree->point : tree->top;
	int answer;

	if (!above)
		return 0;
	if (asprintf(&tree->group, "%s/%s", above, path + strspn(path, "/")) <
	    0) {
		tree->group = NULL;
		return error_call(NULL, "keep the name of a group");
	}
	answer = look_open(AT_FDCWD, tree->group, O_RDONLY | O_DIRECTORY,
			   &tree->fd);
	if (answer < 0)
		error_call(NULL, "open the group %s", tree->group);
	if (answer <= 0) {
		free(tree->group);
		tree->group = NULL;
	}
	return answer;
}

/* Each in its tree has the same path, since one program made them all. */
int cgroup_try_open(struct cgroup *cg)
{
	int answer, found = 0;

	if (cgroup_find(cg) < 0)
		return -1;
	for (int i = 0; i < CGROUP_TREES; i++) {
		answer = cgroup_open_one(&cg->trees[i], cg->path);
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
int cgroup_open(struct cgroup *cg, struct clone_args *args)
{
	int found = cgroup_try_open(cg);

	if (found <= 0)
		cgroup_close(cg);
	if (found == 0)
		error_input("it may have been removed, or this user may not "
			    "write to it",
			    "open the group %s: there is none", cg->path);
	if (found <= 0)
		return -1;
	cgroup_clone_into(cg, args);
	return 0;
}

/* The lock of a group of our own goes with its descriptor. */
void cgroup_close(struct cgroup *cg)
{
	claim_close(cg);
	for (int i = 0; cg->trees && i < CGROUP_TREES; i++) {
		if (cg->trees[i].group)
			close(cg->trees[i].fd);
		free(cg->trees[i].controllers);
		free(cg->trees[i].point);
		free(cg->trees[i].top);
		free(cg->trees[i].group);
	}
	free(cg->trees);
	cg->trees = NULL;
}

/*
 * A process in it, or in a group below it, which only v2 counts?  Of the
 * answers of look.h.  (EOPNOTSUPP: a threaded group, which v2 has counted.)
 */
static int cgroup_is_used(const struct cgroup_tree *tree)
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

int cgroup_is_frozen(const struct cgroup_tree *tree)
{
	char text[CGROUP_TEXT];
	int answer = cgroup_look_text(tree->fd, "cgroup.freeze", text);

	if (answer > 0)
		return text[0] == '1';
	if (answer == 0)
		answer = cgroup_look_text(tree->fd, "freezer.state", text);
	return answer > 0 ? strcmp(text, "THAWED\n") != 0 : answer;
}

/* Of what did not exist, the way out then removes what was made already. */
void cgroup_leave(struct cgroup *cg)
{
	for (int i = 0; cg->trees && i < CGROUP_TREES; i++) {
		struct cgroup_tree *tree = &cg->trees[i];

		if (!tree->group || !(cg->existed & 1U << i))
			continue;
		close(tree->fd);
		free(tree->group);
		tree->group = NULL;
	}
}

static int cgroup_check_one(const struct cgroup_tree *tree)
{
	int is_used = cgroup_is_used(tree);
	int is_frozen = is_used == 0 ? cgroup_is_frozen(tree) : 0;

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
int cgroup_check_unused(struct cgroup *cg)
{
	for (int i = 0; cg->existed && i < CGROUP_TREES; i++) {
		if (!cg->trees[i].group || cgroup_check_one(&cg->trees[i]) == 0)
			continue;
		cgroup_leave(cg);
		return -1;
	}
	return 0;
}

/* On a hybrid machine the answer differs from controller to controller. */
bool cgroup_is_on_v2(const struct cgroup *cg, const char *file)
{
	const struct cgroup_tree *tree = cgroup_tree_for(cg, file);

	return tree && tree->is_v2;
}

/* On a hybrid machine cpu.stat, for one, is partly in v2 and partly in v1. */
int cgroup_read(const struct cgroup *cg, const char *file, const char *key,
		long long *number)
{
	int answer = 0;

	*number = -1;
	if (cgroup_v2(cg))
		answer = cgroup_number(cgroup_v2(cg)->fd, file, key, number);
	return answer == 0 ? cgroup_v1_read(cg, file, key, number) : answer;
}
