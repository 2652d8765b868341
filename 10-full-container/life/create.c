/*
 * create: everything but the program.
 *
 * The parent's side of a container.  An engine gets a container whose
 * process exists and waits; it can then attach what it wants to, and `start`.
 * Both sides work in turns, each with what only it has: the parent is on the
 * host, and has its rights; the child is in the namespaces.
 *
 *     here                                    init.c
 *     config.json, state, group
 *     clone3 ------------------------------>  waits
 *     process into the group, id maps
 *     "go" -------------------------------->  namespaces, names, mounts
 *       |  <-----------------------"mounted"  waits
 *     devices of the host, hooks
 *     "go" -------------------------------->  hooks, terminal, root
 *       |  <-------------------------"ready"  waits
 *     pid file, state.json
 *     "go", and ends                          waits for `start` to knock
 *
 * What is read from the socket in between may also be the child's error, or
 * its end; both end the `create`, and all that was made is undone.  And who
 * holds the state's lock, from state_create() to the end, is alone: a `start`
 * or a `delete` that comes in the middle waits, and `state` says "creating",
 * since state.json has no process yet.
 *
 * These are the steps 1 to 5 of runtime.md, "Lifecycle".
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "05-cgroups/beyond/existing.h"
#include "10-full-container/group/group.h"
#include "10-full-container/guard/path.h"
#include "10-full-container/life/bundle.h"
#include "10-full-container/life/container.h"
#include "10-full-container/life/delegate.h"
#include "10-full-container/life/ended.h"
#include "10-full-container/process/provide.h"
#include "10-full-container/process/socket_activation.h"
#include "10-full-container/process/tty.h"
#include "10-full-container/root/oci_mount_owners.h"
#include "10-full-container/root/root.h"
#include "10-full-container/talk/engine.h"
#include "10-full-container/talk/notify.h"
#include "10-full-container/talk/state_process.h"
#include "10-full-container/talk/sync.h"

/*
 * Where `start` will knock.  The child inherits the socket, and keeps it when
 * we have ended.  Its name in the directory is also the sign that the container
 * has not been started: status_of().
 */
static int create_listen(const struct state *state)
{
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	/* Nobody else may knock, whatever the umask: bind(2) uses this mode. */
	if (fd >= 0 && fchmod(fd, 0600) == 0 &&
	    path_bind(fd, state->dir, "start") == 0 && listen(fd, 1) == 0)
		return fd;
	error_call(NULL, "make the socket of container %s", state->id);
	if (fd >= 0)
		close(fd);
	return -1;
}

int container_run_hooks(struct container *c, enum hook_kind kind,
			enum status status)
{
	CLEANUP_FREE char *text = NULL;
	CLEANUP_CLOSE int bundle = -1;

	if (!c->spec.hooks[kind])
		return 0;
	text = status_describe(&c->state, status);
	/* At the end an engine may have removed it: then they run here. */
	bundle = open(c->spec.bundle, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return text ? hooks_run(c->spec.hooks[kind],
				&(struct hook_place){ kind, text, bundle,
						      environ })
		    : -1;
}

/* Both sides have to agree on it, or one would wait for the other in vain. */
bool container_needs_host(const struct spec *spec)
{
	return spec->net_devices || spec->hooks[HOOK_PRESTART] ||
	       spec->hooks[HOOK_CREATE_RUNTIME] ||
	       spec->hooks[HOOK_CREATE_CONTAINER];
}

/*
 * The child has mounted everything and is in all its namespaces: now the host
 * gives what only it has, and the hooks may add to it.  They must run before
 * the root is changed (config.md, "createRuntime"), because they look into the
 * container by the paths of the host: so the child waits meanwhile.  Its own
 * hooks, createContainer, come after these: it runs them when it goes on.
 */
static int outside_give(struct container *c)
{
	if (!container_needs_host(&c->spec))
		return 0;
	if (sync_wait(c->channel, SYNC_MOUNTED, NULL) < 0)
		return -1;
	if (net_devices_move(c->spec.net_devices, c->child.pid, &c->network) <
	    0)
		return -1;
	c->is_made = true;
	if (container_run_hooks(c, HOOK_PRESTART, STATUS_CREATING) < 0 ||
	    container_run_hooks(c, HOOK_CREATE_RUNTIME, STATUS_CREATING) < 0)
		return -1;
	return sync_say(c->channel, SYNC_GO);
}

/*
 * Before there is a child: all that it has to be born with, or to inherit.
 * That is its group (CLONE_INTO_CGROUP: not one instruction of it runs outside
 * of its limits), the root if only we can open it, and the sockets.
 */
static int outside_start(struct container *c)
{
	struct clone_args args = { 0 };
	bool in_users = namespaces_flags(&c->spec.namespaces) & CLONE_NEWUSER;
	int result = -1;

	if (maker_make(&c->manager, &c->spec, &c->state, &c->cgroup, &args) < 0)
		return -1;
	if (c->manager.lacks_rules && !in_users)
		device_rules_take_mknod(&c->spec.process.caps);
	c->spec.root.is_nodev = c->manager.lacks_rules;
	if (root_open(&c->spec.root, in_users, &c->tree) < 0 ||
	    sync_pair(c->ends) < 0)
		return -1;
	c->channel = c->ends[0];
	if (!c->is_attached)
		c->start = create_listen(&c->state);
	/* A file of a process that hides is root's; a score is inherited. */
	if (geteuid() != 0 &&
	    namespaces_joins(&c->spec.namespaces, CLONE_NEWUSER) &&
	    process_set_oom_score(&c->spec.process, 0) < 0)
		return -1;
	if (c->is_attached || c->start >= 0)
		result =
			namespaces_start(&c->spec.namespaces, &c->spec.clocks,
					 &c->child, &args, container_inside, c);
	/* The child has its own of each. */
	close(c->ends[1]);
	if (c->start >= 0)
		close(c->start);
	if (c->tree >= 0)
		close(c->tree);
	c->tree = -1;
	if (result == 0)
		log_step("process %d is there, in namespaces of its own",
			 c->child.pid);
	return result;
}

/*
 * To lower it takes a capability over the host, which the child in a new user
 * namespace has not.  What it has already it may write again.
 */
static int outside_give_score(const struct container *c)
{
	if (!c->spec.userns.enabled || !caps_has(CAP_SYS_RESOURCE))
		return 0;
	return process_set_oom_score(&c->spec.process, c->child.pid);
}

/*
 * The parent's side, while the child waits for it, and it for the child.  The
 * order is that of the drawing at the top.
 */
static int container_outside(struct container *c)
{
	/* Mapped mounts take rights over the host's filesystems, which in a
	   user namespace the child has not: mount_setattr(2). */
	if (tty_choose(&c->spec.process, c->request->console_socket,
		       c->is_attached, "config.json: process.terminal",
		       &c->console) < 0 ||
	    oci_mounts_map(c->spec.root.mounts) < 0 || outside_start(c) < 0)
		return -1;
	oci_mounts_release(c->spec.root.mounts);
	if (state_keep_process(&c->state, c->child.pid) < 0)
		return -1;
	/*
	 * The child stands at its first line and has done nothing yet.  Now it
	 * gets its limits, before it could use anything up, and its ids: who
	 * is in a new user namespace may not write a map of several ids
	 * himself (user_namespaces(7)), and is nobody until there is one.
	 */
	if (maker_take(&c->manager, &c->spec, &c->cgroup, c->child.pid) < 0 ||
	    maker_note(&c->manager, &c->cgroup, &c->state) < 0 ||
	    (c->request->needs_group &&
	     group_require(&c->state, &c->cgroup) < 0) ||
	    rdt_enter(&c->spec.rdt, &c->state, c->child.pid) < 0 ||
	    outside_give_score(c) < 0 ||
	    userns_map(&c->spec.userns, c->child.pid) < 0 ||
	    delegate_own_pipes(&c->spec, &c->spec.process) < 0)
		return -1;
	log_step("its group is %s", state_text(&c->state, "cgroup"));
	if (sync_say(c->channel, SYNC_GO) < 0)
		return -1;
	if (outside_give(c) < 0)
		return -1;
	/* Made in the container's own devpts, so it comes from there. */
	if (c->spec.process.terminal && c->console < 0 &&
	    sync_wait(c->channel, SYNC_CONSOLE, &c->master) < 0)
		return -1;
	if (sync_wait(c->channel, SYNC_READY, NULL) < 0)
		return -1;
	log_step("process %d is ready: mounts, root, names", c->child.pid);
	/* The state last: from then on there is a container for others. */
	if (pid_file_write(c->request->pid_file, c->child.pid) < 0 ||
	    pid_socket_send(c->request->pidfd_socket, c->child.pid) < 0 ||
	    state_save(&c->state) < 0)
		return -1;
	return 0;
}

struct container container_none(const struct request *request)
{
	return (struct container){ .request = request,
				   .tree = -1,
				   .channel = -1,
				   .start = -1,
				   .console = -1,
				   .network = { -1, -1 },
				   .master = -1 };
}

/*
 * The steps of `create` backwards.  What the host gave goes back to it first,
 * while the network that has it is still there.  Once there was something that
 * hooks could know of, those for the end have their turn (see runtime.md, 3 to
 * 5).
 */
static void container_give_up(struct container *c)
{
	net_devices_return(c->spec.net_devices, &c->network);
	container_destroy(c);
	if (c->is_made)
		container_run_hooks(c, HOOK_POSTSTOP, STATUS_STOPPED);
	state_remove(&c->state);
	container_close(c);
}

/* They come first, what else is to be preserved behind them, as in runc. */
static int container_take_sockets(struct container *c, struct request *request)
{
	unsigned int count = socket_activation_count();

	request->preserve_fds += count;
	if (socket_activation_tell(&c->spec.process, count) < 0)
		return -1;
	if (!c->spec.process.args || !notify_is_wanted())
		return 0;
	json_object_set_new(c->state.json, "notifies", json_true());
	return spec_add_notify(&c->spec);
}

/*
 * Either all of it is there afterwards, or nothing: "as if the operation were
 * never attempted" (runtime.md, "Errors").  The caller says the last "go": for
 * `create` it means that nobody undoes it any more, for `run`: the program.
 */
int container_create(struct container *c, struct request *request,
		     bool is_attached)
{
	*c = container_none(request);
	c->is_attached = is_attached;
	c->handout.is_wanted = !is_attached && geteuid() != 0;
	child_hold_signals();
	if (pid_file_check(request->pid_file) < 0 ||
	    state_create(&c->state, request->root, request->id) < 0)
		return -1;
	if (bundle_take(c, request->bundle ? request->bundle : ".") == 0 &&
	    container_take_sockets(c, request) == 0 &&
	    container_outside(c) == 0)
		return 0;
	if (c->child.pid > 0)
		ended_explain(c->child.pid, &c->state,
			      is_attached ? "run" : "create");
	container_give_up(c);
	return -1;
}

/*
 * By its number: our own child, not waited for, cannot be mistaken.  It goes
 * first, since a group with a process in it cannot be removed (cgroups(7)).
 */
void container_destroy(struct container *c)
{
	bool is_unused = c->child.pid <= 0;

	if (!is_unused) {
		kill(c->child.pid, SIGKILL);
		waitpid(c->child.pid, NULL, 0);
		close(c->child.gate);
		c->child.pid = 0;
	}
	rdt_remove(&c->state);
	c->is_without_groups =
		maker_undo(&c->manager, &c->cgroup, &c->state, is_unused) == 0;
}

static void container_close_files(struct container *c)
{
	int *const descriptors[] = { &c->channel, &c->console, &c->master,
				     &c->tree };

	for (int i = 0; i < 4; i++) {
		if (*descriptors[i] >= 0)
			close(*descriptors[i]);
		*descriptors[i] = -1;
	}
	net_side_close(&c->network);
	cgroup_close(&c->cgroup);
	maker_free(&c->manager);
	state_close(&c->state);
}

void container_close(struct container *c)
{
	container_close_files(c);
	spec_free(&c->spec);
}

int command_create(struct request *request)
{
	struct container c;
	int result;

	if (container_create(&c, request, false) < 0)
		return EXIT_OCI;
	/* The last word.  A child that hears our end without it ends, too. */
	result = sync_say(c.channel, SYNC_GO);
	if (result < 0)
		ended_explain(c.child.pid, &c.state, "create");
	/* All memory ends with the process: see command_run(). */
	container_close_files(&c);
	return result < 0 ? EXIT_OCI : 0;
}
