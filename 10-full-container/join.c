/*
 * The child's and the parent's side of a process that joins.
 *
 * setns(2) with a pidfd joins all kinds of namespaces in one call (Linux 5.8),
 * and all of them or none.  The PID namespace is the exception, as always: it
 * is for children, so the parent chooses it before the fork.
 */
#include "10-full-container/join.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "01-uts/cleanup.h"
#include "01-uts/error.h"
#include "05-cgroups/existing.h"
#include "10-full-container/group.h"
#include "10-full-container/harden.h"
#include "10-full-container/home.h"
#include "10-full-container/listener.h"
#include "10-full-container/log.h"
#include "10-full-container/procfs.h"
#include "10-full-container/sync.h"
#include "10-full-container/tty.h"

static const struct hint container_join_hints[] = {
	{ EPERM, "entering a container needs CAP_SYS_ADMIN over it" },
	{ ESRCH, "the container has ended" },
	{ 0, NULL },
};

/*
 * From here on we are seen inside: harden_hide() has closed /proc/PID to
 * others.
 */
static int join_enter(struct join *j)
{
	if (j->flags && setns(j->pidfd, j->flags) < 0)
		return error_call(container_join_hints,
				  "enter the container %s", j->state.id);
	return 0;
}

/* The same steps as container_inside(), without those that make something. */
static int join_inside(void *argument)
{
	struct join *j = argument;
	CLEANUP_CLOSE int root = -1;

	sync_messages_to(j->channel);
	state_detach(&j->state);
	if (sync_wait(j->channel, SYNC_GO, NULL) < 0)
		return EXIT_SETUP;
	setsid();
	if ((!j->keeps_keyring && harden_leave_keyring() < 0) ||
	    schedule_choose_cpus(&j->process.schedule.final) < 0)
		return EXIT_SETUP;
	if (process_use_proc(&j->process) < 0)
		return EXIT_SETUP;
	if (listener_connect(&j->spec.filter, &j->state, STATUS_RUNNING) < 0)
		return EXIT_SETUP;
	log_step("inside the group; enter the namespaces");
	if (join_enter(j) < 0 || userns_enter(&j->spec.userns) < 0)
		return EXIT_SETUP;
	root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (tty_setup(&j->process, root,
		      j->console < 0 ? j->channel : j->console, false) < 0)
		return EXIT_SETUP;
	if (home_set(&j->process, root) < 0)
		return EXIT_SETUP;
	if (process_enter(&j->process) < 0)
		return errno == ENOENT ? 127 : 126;
	if (memory_policy_apply(&j->spec.memory_policy) < 0 ||
	    persona_apply(&j->spec.persona) < 0)
		return EXIT_SETUP;
	if (!j->is_attached)
		prctl(PR_SET_PDEATHSIG, 0);
	log_step("run %s with the rights of the container", j->process.args[0]);
	if (process_restrict(&j->process, &j->spec.filter) < 0)
		return EXIT_SETUP;
	return process_run(&j->process);
}

/*
 * Choose the PID namespace of the child, and fork.  There is no way back for
 * a user who is not the host's root, and no need: no other child follows.
 * An ordinary user gets the right to choose from the container's user
 * namespace; so the parent enters that one as well, and stays the same user.
 */
static int join_fork(struct join *j, struct clone_args *args)
{
	int early = j->flags & CLONE_NEWPID;

	if (early && !caps_has(CAP_SYS_ADMIN))
		early |= j->flags & CLONE_NEWUSER;
	if (early && setns(j->pidfd, early) < 0)
		return error_call(container_join_hints,
				  "enter the PID namespace of container %s",
				  j->state.id);
	j->flags &= ~early;
	return child_start(&j->child, args, join_inside, j);
}

/* With cgroup v2 the child is born in the group, with v1 it is moved. */
static int join_group(struct join *j, struct cgroup *cg, struct cgroup *below,
		      struct clone_args *args)
{
	cg->path = json_string_value(json_object_get(j->state.json, "cgroup"));
	if (!cg->path && j->below)
		return error_input(NULL, "option --cgroup: the container has "
					 "no group");
	if (!cg->path)
		return 0;
	if (cgroup_open(cg, args) < 0)
		return -1;
	return j->below ? group_open_below(cg, j->below, below, args) : 0;
}

/* In the parent.  The child waits for the word that it is in its group. */
int join_start(struct join *j)
{
	struct clone_args args = { 0 };
	struct cgroup cg = { 0 }, below = { 0 };
	int ends[2], result = -1;

	/* The child is seen from inside from its first moment on. */
	harden_hide();
	if (procfs_keep() < 0 ||
	    schedule_choose_cpus(&j->process.schedule.initial) < 0 ||
	    join_group(j, &cg, &below, &args) < 0)
		goto close;
	if (sync_pair(ends) == 0) {
		j->channel = ends[1];
		result = join_fork(j, &args);
		close(ends[1]);
		j->channel = ends[0];
	}
	if (result == 0 &&
	    ((cg.path && cgroup_join(&cg, j->child.pid) < 0) ||
	     (below.path && cgroup_join(&below, j->child.pid) < 0) ||
	     sync_send(j->channel, SYNC_GO) < 0)) {
		close(j->channel);
		child_abandon(&j->child);
		result = -1;
	}
close:
	group_close_below(&below);
	cgroup_close(&cg);
	return result;
}
