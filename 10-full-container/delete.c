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
#include "10-full-container/delete.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "01-uts/cleanup.h"
#include "01-uts/error.h"
#include "10-full-container/group.h"
#include "10-full-container/log.h"

const struct option_entry delete_options[] = {
	{ 'f', "force", NULL, "kill it first, if it still runs", option_flag,
	  offsetof(struct request, force) },
	{ 0 },
};

/*
 * A pidfd becomes readable when its process ends, whoever is its parent.  One
 * that has ended is ESRCH, or EINVAL while its number lives on as the name of
 * a session: that of the processes it has left behind.
 */
int delete_kill(pid_t pid)
{
	CLEANUP_CLOSE int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	struct pollfd end = { .fd = pidfd, .events = POLLIN };

	if (pidfd < 0 && (errno == ESRCH || errno == EINVAL))
		return 0;
	if (pidfd < 0 ||
	    (syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0) < 0 &&
	     errno != ESRCH))
		return error_call(NULL, "kill process %d", pid);
	while (poll(&end, 1, -1) < 0)
		if (errno != EINTR)
			return error_call(NULL, "wait for process %d", pid);
	return 0;
}

/* A container that never came to be has no config.json, or a broken one. */
static void delete_run_hooks(struct container *c)
{
	const char *bundle =
		json_string_value(json_object_get(c->state.json, "bundle"));

	if (!bundle || (!c->spec.document &&
			spec_read_later(&c->spec, c->state.dir, bundle) < 0))
		return;
	if (container_run_hooks(c, HOOK_POSTSTOP, STATUS_STOPPED) < 0)
		error_note("container %s is deleted all the same", c->state.id);
}

/*
 * Processes, group, hooks, state: in this order, so that a failure leaves
 * enough to try again.
 */
int container_delete(struct container *c)
{
	pid_t pid = state_pid(&c->state);

	/* What v1 has frozen dies once it is thawed: see to the group first. */
	if (!c->is_without_groups && group_is_frozen(&c->state) &&
	    manager_delete(&c->state) < 0)
		return -1;
	if (pid > 0 && delete_kill(pid) < 0)
		return -1;
	log_step("no process of container %s is left", c->state.id);
	if ((!c->is_without_groups && manager_delete(&c->state) < 0) ||
	    rdt_remove(&c->state) < 0)
		return -1;
	log_step("its groups are removed");
	delete_run_hooks(c);
	return state_remove(&c->state);
}

/* A created one runs, too: its process waits. */
static int delete_container(struct container *c, bool force)
{
	enum status status = state_status(&c->state);

	if (status != STATUS_STOPPED && !force)
		return error_input("stop it first (kill), or use --force",
				   "delete: the container %s is %s",
				   c->state.id, state_status_name(status));
	return container_delete(c);
}

/* --force for one that is not there is success: engines call it to be sure. */
int command_delete(struct request *request)
{
	struct container c = container_none(request);
	int result;

	if (request->force && !state_exists(request->root, request->id))
		return 0;
	if (state_open(&c.state, request->root, request->id, true) < 0)
		return EXIT_OCI;
	result = delete_container(&c, request->force);
	container_close(&c);
	return result < 0 ? EXIT_OCI : 0;
}
