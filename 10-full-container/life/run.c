/*
 * run: create, start, wait, delete: what a person types.
 *
 * No engine calls it.  It stays as the container's parent, and passes signals
 * and the exit status on, as all the stages do.  So it needs no socket to
 * knock at: the channel of the `create` stays open, and its last "go" is the
 * start.  And what it waits for cannot outlive it: the kernel kills the
 * container's process when we are killed (PR_SET_PDEATHSIG, prctl(2)), and
 * what else is left of it the next `run` removes (sweep.c).
 */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "habits/error.h"
#include "10-full-container/life/delete.h"
#include "10-full-container/life/ended.h"
#include "10-full-container/talk/engine.h"
#include "10-full-container/talk/notify.h"
#include "10-full-container/talk/relay.h"
#include "10-full-container/talk/sync.h"

const struct option_entry run_options[] = {
	{ 'd', "detach", NULL, "do not wait for the end", option_flag,
	  offsetof(struct request, detach) },
	{ 0, "keep", NULL, "do not delete it at the end", option_flag,
	  offsetof(struct request, keep) },
	{ 0 },
};

/* As long as nobody has seen it run, a failure leaves nothing of it. */
static int run_detached(struct request *request)
{
	int status = command_create(request);

	if (status)
		return status;
	status = command_start(request);
	if (status && !request->keep) {
		request->force = true;
		command_delete(request);
	}
	return status;
}

/* The program runs from the end of the channel on. */
static int run_start(struct container *c)
{
	struct sync_end end = { .terminal = c->master };

	if (!c->spec.process.args)
		return error_input(NULL, "run: config.json has no process");
	if (sync_say(c->channel, SYNC_GO) < 0)
		return ended_explain(c->child.pid, &c->state, "run");
	if (sync_wait_end(c->channel, &end) < 0 ||
	    ended_before_exec(c->child.pid, &c->state, "run", true) < 0)
		return -1;
	log_step("process %d runs its program", c->child.pid);
	return container_run_hooks(c, HOOK_POSTSTART, STATUS_RUNNING);
}

/*
 * The state's lock is given back while the program runs, so that others can
 * look, exec and kill; being its owner is a lock of another kind (state.h).
 */
int command_run(struct request *request)
{
	struct container c;
	int status = EXIT_OCI, is_there;
	pid_t teller;

	if (request->detach)
		return run_detached(request);
	sweep_states(request->root, SWEEP_FEW);
	if (container_create(&c, request, true) < 0)
		return EXIT_OCI;
	if (state_own(&c.state) == 0 && run_start(&c) == 0) {
		teller = notify_begin(c.spec.notify, c.child.pid);
		status = c.master < 0 ? child_run(&c.child)
				      : relay_run(&c.child, c.master);
		c.child.pid = 0;
		notify_end(teller);
	}
	container_destroy(&c);
	/* Unless somebody has deleted it in the meantime. */
	is_there = state_lock(&c.state);
	if (is_there < 0 ||
	    (is_there > 0 && !request->keep && delete_all(&c) < 0))
		status = EXIT_OCI;
	/*
	 * No container_close(): the process ends, and with it its memory.  To
	 * give back the document piece by piece would first copy the pages
	 * that clone3(2) made the child's as well, twenty of them.
	 */
	return status;
}
