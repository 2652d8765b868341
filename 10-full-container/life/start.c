/*
 * start: let the waiting process become the program.
 *
 * We are not its parent and cannot wait for it; the process that made it is
 * long gone.  What we have is a socket, and the end of a connection tells
 * everything.
 *
 *     here                            container's process (init.c)
 *     connect, "start" ------------>  accept4(2) returns
 *     remove the socket's name
 *     "go" ------------------------>  rights, filter, startContainer hooks
 *       | <-------------------------  an error, if there is one
 *       | <-------------------------  the end: closed by exec, or by its death
 *     poststart hooks
 *
 * Close-on-exec is what makes it certain: the kernel closes the other end at
 * the point of execve(2) from which there is no return, neither before nor if
 * it fails (execve(2), open(2) O_CLOEXEC).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "10-full-container/life/container.h"
#include "10-full-container/life/delete.h"
#include "10-full-container/life/ended.h"
#include "10-full-container/talk/engine.h"
#include "10-full-container/talk/notify.h"
#include "10-full-container/talk/state_process.h"
#include "10-full-container/talk/sync.h"

/* The socket is removed at once: nobody can start it a second time. */
static int start_connect(const struct state *state)
{
	int fd = sync_knock(state->dir);

	bool is_told = fd >= 0 && sync_say(fd, SYNC_START) == 0;

	if (is_told && unlinkat(state->dir, "start", 0) == 0)
		return fd;
	if (fd < 0 || is_told)
		error_call(NULL, "reach the process of container %s",
			   state->id);
	if (fd >= 0)
		close(fd);
	return -1;
}

/* Of the program's READY=1, if it has been given a place to say that. */
static int start_take_socket(struct container *c, pid_t pid)
{
	if (!json_object_get(c->state.json, "notifies"))
		return 0;
	if (sync_wait(c->channel, SYNC_NOTIFY, &c->spec.notify) < 0)
		return -1;
	c->child.pid = pid;
	return 0;
}

/* The state is nobody's by now: others can look, exec and kill meanwhile. */
static int start_hear(int socket, pid_t pid, int pidfd)
{
	if (socket <= 0 || !notify_is_wanted())
		return 0;
	if (pidfd < 0)
		return errno == ESRCH
			       ? 0
			       : error_call(NULL, "watch process %d", pid);
	return notify_pass_on(socket, pid, pidfd);
}

/*
 * The connection ends when the process becomes the program, or fails to.
 * `end` tells whether it is a hook that failed.
 */
static int start_go(struct container *c, struct sync_end *end)
{
	pid_t pid;

	if (state_pid(&c->state, &pid) < 0)
		return -1;
	c->channel = start_connect(&c->state);
	if (c->channel < 0)
		return -1;
	if (start_take_socket(c, pid) < 0 || sync_say(c->channel, SYNC_GO) < 0)
		return ended_explain(pid, &c->state, "start");
	if (sync_wait_end(c->channel, end) < 0)
		return -1;
	if (ended_before_exec(pid, &c->state, "start", end->is_last) < 0)
		return -1;
	end->by_hook = true;
	return container_run_hooks(c, HOOK_POSTSTART, STATUS_RUNNING);
}

/* After a hook's failure the container may not go on: runtime.md, 7 and 9. */
static int start_or_delete(struct container *c)
{
	struct sync_end end = { 0 };
	int result = start_go(c, &end);

	/* It may have ended between `create` and us: it told nobody. */
	if (result < 0 && error_count == 0)
		error_input(NULL,
			    "start: the process of container %s has ended, "
			    "and could not say why",
			    c->state.id);
	if (result < 0 && end.by_hook)
		delete_all(c);
	return result;
}

/*
 * With the state's lock, so that of two starts one comes second and finds no
 * created container.
 */
static int start_container(struct container *c)
{
	const char *bundle = state_text(&c->state, "bundle");
	enum status status;

	if (status_of(&c->state, &status) < 0)
		return -1;
	if (status != STATUS_CREATED)
		return error_input("only a created container can be started",
				   "start: the container %s is %s", c->state.id,
				   status_name(status));
	if (spec_read_later(&c->spec, c->state.dir, bundle) < 0)
		return -1;
	if (!json_object_get(c->spec.document, "process"))
		return error_input(NULL,
				   "start: config.json of %s has no process",
				   c->state.id);
	return start_or_delete(c);
}

int command_start(struct request *request)
{
	struct container c = container_none(request);
	CLEANUP_CLOSE int socket = -1, pidfd = -1;
	pid_t pid;
	int result;

	if (state_open(&c.state, request->root, request->id, true) < 0)
		return EXIT_OCI;
	result = start_container(&c);
	if (result == 0)
		log_step("container %s runs its program", c.state.id);
	socket = c.spec.notify > 0 ? c.spec.notify : -1;
	pid = c.child.pid;
	if (result == 0 && socket >= 0)
		pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	container_close(&c);
	if (result == 0)
		result = start_hear(socket, pid, pidfd);
	return result < 0 ? EXIT_OCI : 0;
}
