/*
 * Freeze, kill, remove: what is done to all processes of a group at once.
 *
 * A list of processes is old when it has been read: they fork.  So the group
 * as a whole is told, by one write, and its events tell when it is done.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "habits/look.h"
#include "05-cgroups/beyond/cgroup_v1.h"
#include "05-cgroups/beyond/claim.h"
#include "05-cgroups/beyond/make.h"
#include "05-cgroups/files.h"

/*
 * cgroup.events has lines like "populated 1" and "frozen 0".  A change wakes
 * poll(2), provided that the same descriptor has read the state before it.
 */
static int cgroup_wait_event(const struct cgroup_tree *tree, const char *key,
			     long long value)
{
	CLEANUP_CLOSE int fd = -1;
	int answer = look_open(tree->fd, "cgroup.events", O_RDONLY, &fd);
	struct pollfd events = { .fd = fd, .events = POLLPRI };
	char text[CGROUP_TEXT];
	ssize_t length;

	do {
		length = answer > 0 ? pread(fd, text, sizeof(text) - 1, 0) : 0;
		if (answer > 0)
			answer = look_answer(length);
		if (answer < 0)
			return error_call(NULL, "read the events of %s",
					  tree->group);
		if (answer == 0)
			return 0; /* the group is gone, and all in it */
		text[length] = '\0';
		if (cgroup_find_number(text, key) == value)
			return 0;
	} while (poll(&events, 1, CGROUP_WAIT_MS) > 0);
	return error_input("a process in it may hang in the kernel: see state "
			   "D in ps",
			   "wait for \"%s %lld\" in %s: not within %d seconds",
			   key, value, tree->group, CGROUP_WAIT_MS / 1000);
}

/*
 * Unlike SIGSTOP, a process can neither notice nor undo it, and nobody can
 * fork away from it: it is the group that is frozen.
 */
static int cgroup_freeze_tree(const struct cgroup_tree *tree, bool freeze)
{
	if (!tree->is_v2)
		return cgroup_v1_freeze(tree, freeze);
	if (cgroup_write(tree->fd, "cgroup.freeze", freeze ? "1" : "0") < 0)
		return error_call(NULL, "%s %s", freeze ? "freeze" : "thaw",
				  tree->group);
	return cgroup_wait_event(tree, "frozen", freeze);
}

/* Half frozen is no state to be in: if it does not work, it is thawed again. */
int cgroup_freeze(const struct cgroup *cg, bool freeze)
{
	const struct cgroup_tree *tree = cgroup_v2(cg);
	int result;

	if (!tree)
		tree = cgroup_tree_for(cg, "freezer.state");
	if (!tree || !tree->group)
		return error_input("it takes cgroup v2, or v1 with the freezer "
				   "controller",
				   "freeze the container: it has no group");
	result = cgroup_freeze_tree(tree, freeze);
	if (result < 0 && freeze)
		cgroup_write(tree->fd,
			     tree->is_v2 ? "cgroup.freeze" : "freezer.state",
			     tree->is_v2 ? "0" : "THAWED");
	return result;
}

/*
 * One write kills all, those that are being forked included.  Mostly all have
 * ended by then, and nobody need be told.
 */
int cgroup_empty(const struct cgroup_tree *tree)
{
	long long populated;

	if (!tree->is_v2)
		return cgroup_v1_empty(tree);
	if (cgroup_number(tree->fd, "cgroup.events", "populated", &populated) >
		    0 &&
	    populated == 0)
		return 0;
	if (cgroup_write(tree->fd, "cgroup.kill", "1") < 0 && errno != ENOENT &&
	    errno != ENODEV)
		return error_call(NULL, "kill what is in %s", tree->group);
	return cgroup_wait_event(tree, "populated", 0);
}

/*
 * What v1's freezer holds does not die, however it is killed: so that tree
 * comes first.  After it the others are found empty, unless a process left.
 */
int cgroup_kill(const struct cgroup *cg)
{
	const struct cgroup_tree *first = cgroup_tree_for(cg, "freezer.state");

	if (first && (!first->group || first->is_v2))
		first = NULL;
	if (first && cgroup_empty(first) < 0)
		return -1;
	for (int i = 0; cg->trees && i < CGROUP_TREES; i++)
		if (cg->trees[i].group && &cg->trees[i] != first &&
		    cgroup_empty(&cg->trees[i]) < 0)
			return -1;
	return 0;
}

/*
 * rmdir(2), not rm -r: the files are the kernel's and go with the directory.
 * It works only on a group without processes and without groups below it.
 * To look for processes takes descriptors, and their lack may be why all of it
 * is undone: so nobody looks for those that cannot be there.
 */
int cgroup_remove(struct cgroup *cg)
{
	int result = cg->unused ? 0 : cgroup_kill(cg);

	for (int i = 0; cg->trees && i < CGROUP_TREES; i++) {
		if (!cg->trees[i].group || cg->existed & 1U << i)
			continue;
		if (cgroup_v1_give_back(&cg->trees[i]) < 0)
			result = -1;
		cleanup_close(&cg->trees[i].fd); /* room for a lock */
		if (cgroup_rmdir(&cg->trees[i]) < 0)
			result = -1;
	}
	if (result == 0)
		claim_drop(cg);
	cgroup_close(cg);
	return result;
}
