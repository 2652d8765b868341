/*
 * v1's freezer.  It is a tree like any other: who may make groups in it, such
 * as root in a container, freezes them alone, and thawing the group above
 * does not thaw them.  A frozen process does not even die by SIGKILL.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>

#include "habits/error.h"
#include "habits/look.h"
#include "05-cgroups/beyond/cgroup_v1.h"
#include "05-cgroups/beyond/walk.h"
#include "05-cgroups/files.h"

static int cgroup_v1_tell_freezer(int dir, const char *state,
				  char text[CGROUP_TEXT])
{
	if (cgroup_write(dir, "freezer.state", state) < 0)
		return look_answer(-1);
	return look_answer(cgroup_read_text(dir, "freezer.state", text));
}

/* Reading the state moves FREEZING on to FROZEN; there is no event for it. */
int cgroup_v1_try_freeze(const struct cgroup_tree *tree, bool freeze)
{
	const char *state = freeze ? "FROZEN" : "THAWED";
	char text[CGROUP_TEXT];
	int answer;

	for (int i = 0; i < CGROUP_WAIT_MS; i++) {
		/*
		 * Written again each time: what was forked meanwhile is
		 * frozen, too.
		 */
		answer = cgroup_v1_tell_freezer(tree->fd, state, text);
		if (answer < 0)
			return error_call(NULL, "set freezer.state in %s",
					  tree->group);
		if (answer == 0 || strncmp(text, state, strlen(state)) == 0)
			return answer;
		poll(NULL, 0, 1);
	}
	return error_input("a process in it may hang in the kernel: see state "
			   "D in ps",
			   "wait for %s in %s: not within %d seconds", state,
			   tree->group, CGROUP_WAIT_MS / 1000);
}

int cgroup_v1_freeze(const struct cgroup_tree *tree, bool freeze)
{
	int answer = cgroup_v1_try_freeze(tree, freeze);

	if (answer == 0)
		return error_call(NULL, "set freezer.state in %s", tree->group);
	return answer < 0 ? -1 : 0;
}

int cgroup_v1_thaw_below(int dir)
{
	struct cgroup_walk walk = cgroup_walk_begin(dir);
	int found, answer = 0;

	while (answer >= 0 && (found = cgroup_walk_next(&walk)) > 0)
		answer = look_answer(
			cgroup_write(walk.dir, "freezer.state", "THAWED"));
	cgroup_walk_end(&walk);
	if (answer < 0 || found < 0)
		return error_call(NULL, "thaw a group, and those below it");
	return 0;
}
