/*
 * delete: undo what create did, in reverse order.
 *
 * Whoever calls it is not the parent of the container's process, and mostly
 * comes long after: so everything is found by what the state says, and what
 * is gone already is no error.  What the container has only used stays: a
 * group or a namespace that was there before it (runtime.md, "Delete").
 *
 * Mounts are not in the list: they are in the container's mount namespace,
 * which ends with its last process.
 */
#include "10-full-container/life/delete.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "habits/look.h"
#include "05-cgroups/files.h"
#include "10-full-container/group/group.h"
#include "10-full-container/talk/engine.h"
#include "10-full-container/talk/state_process.h"

const struct option_entry delete_options[] = {
	{ 'f', "force", NULL, "kill it first, if it still runs", option_flag,
	  offsetof(struct request, force) },
	{ 0 },
};

/* A pidfd becomes readable when its process ends, whoever is its parent. */
static int delete_kill(const struct state *state, pid_t pid)
{
	CLEANUP_CLOSE int pidfd = -1;
	int answer = look_process(pid, &pidfd);
	struct pollfd end = { .fd = pidfd, .events = POLLIN };
	int ready;

	if (answer > 0)
		answer = look_answer(syscall(SYS_pidfd_send_signal, pidfd,
					     SIGKILL, NULL, 0));
	if (answer < 0)
		return error_call(NULL, "kill process %d", pid);
	if (answer == 0)
		return 0;
	if (group_thaw(state) < 0)
		return -1;
	do
		ready = poll(&end, 1, CGROUP_WAIT_MS);
	while (ready < 0 && errno == EINTR);
	if (ready < 0)
		return error_call(NULL, "wait for process %d", pid);
	if (ready == 0)
		return error_input("is it in a group of somebody else's that "
				   "is frozen, or does it hang in the kernel "
				   "(state D in ps)?",
				   "kill process %d: it has not ended within "
				   "%d seconds",
				   pid, CGROUP_WAIT_MS / 1000);
	return 0;
}

/*
 * A number in a damaged file can be anybody's: with its moment of start, too,
 * if somebody wrote both.
 */
int delete_kill_first(const struct state *state)
{
	pid_t pid;
	int owns;

	if (state_pid(state, &pid) < 0)
		return -1;
	owns = pid > 0 ? group_owns(state, pid) : 1;
	if (owns < 0)
		return -1;
	if (owns == 0)
		error_note("process %d is left alone: it is in no group of "
			   "container %s",
			   pid, state->id);
	return pid > 0 && owns ? delete_kill(state, pid) : 0;
}

/*
 * A container that never came to be has no config.json, or a broken one: that
 * such a one has a state, and hooks, is damage.
 */
static void delete_run_hooks(struct container *c)
{
	const char *bundle = state_text(&c->state, "bundle");

	if (!bundle)
		return;
	if ((!c->spec.document &&
	     spec_read_later(&c->spec, c->state.dir, bundle) < 0) ||
	    container_run_hooks(c, HOOK_POSTSTOP, STATUS_STOPPED) < 0)
		error_note("container %s is deleted all the same", c->state.id);
}

/*
 * Processes, group, hooks, state: in this order, so that a failure leaves
 * enough to try again.
 */
int delete_all(struct container *c)
{
	bool is_frozen = false;

	/* What v1 has frozen dies once it is thawed: see to the group first. */
	if (!c->is_without_groups &&
	    (group_is_frozen(&c->state, &is_frozen) < 0 ||
	     (is_frozen && maker_delete(&c->state) < 0)))
		return -1;
	if (delete_kill_first(&c->state) < 0)
		return -1;
	log_step("no process of container %s is left", c->state.id);
	if ((!c->is_without_groups && maker_delete(&c->state) < 0) ||
	    rdt_remove(&c->state) < 0)
		return -1;
	log_step("its groups are removed");
	delete_run_hooks(c);
	return state_remove(&c->state);
}

/* A created one runs, too: its process waits. */
static int delete_container(struct container *c, bool force)
{
	enum status status;

	if (status_of(&c->state, &status) < 0)
		return -1;
	if (status != STATUS_STOPPED && !force)
		return error_input("stop it first (kill), or use --force",
				   "delete: the container %s is %s",
				   c->state.id, status_name(status));
	return delete_all(c);
}

/*
 * --force for one that is not there is success: engines call it to be sure.
 * What is left of it may have lost its name already.
 */
int command_delete(struct request *request)
{
	struct container c = container_none(request);
	int result;

	if (request->force) {
		result = state_find_damaged(&c.state, request->root,
					    request->id);
		if (result == 0)
			result = sweep_states(request->root, SWEEP_FEW) < 0 ? -1
									    : 0;
		if (result <= 0)
			return result < 0 ? EXIT_OCI : 0;
		if (c.state.is_damaged)
			lost_group_find(c.state.json, c.state.dir, request->id);
	} else if (state_open(&c.state, request->root, request->id, true) < 0) {
		return EXIT_OCI;
	}
	result = delete_container(&c, request->force);
	container_close(&c);
	return result < 0 ? EXIT_OCI : 0;
}
