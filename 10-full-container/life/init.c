/*
 * The child's side of a container, from the first instruction to the last.
 *
 * The steps are those of stage 09's inside(), in their order; what is new is
 * that there are moments at which the engine has a word.  Each of those is a
 * line in which we wait:
 *
 *     sync_wait           for ids and a group, which come from outside
 *     inside_run_hooks    for devices and hooks of the host; the old root is
 *                         still there, as the specification wants it
 *     inside_wait_start   for `create` to end, and then for `start`
 *
 * The order in between follows from one rule: each step comes before that
 * which takes away what it needs.
 *
 *     files below /proc/self    before harden_hide(), which makes them root's
 *     paths of the host         before the root changes
 *     descriptors of the host   before the image's words are looked up
 *     what can be missing       before "ready": then `create` reports it
 *     rights                    after `start`: up to there we need our own
 *
 * Up to the exec this is a program of the host that runs inside.  So from the
 * moment at which somebody inside can see it, it must not be looked into
 * (harden.h), and no path of the image is trusted (path.h).
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "05-cgroups/beyond/existing.h"
#include "08-netns/beyond/netlink.h"
#include "08-netns/link.h"
#include "09-seccomp/beyond/procfs.h"
#include "10-full-container/guard/harden.h"
#include "10-full-container/life/container.h"
#include "10-full-container/life/join.h"
#include "10-full-container/process/home.h"
#include "10-full-container/process/listener.h"
#include "10-full-container/process/provide.h"
#include "10-full-container/process/tty.h"
#include "10-full-container/root/root.h"
#include "10-full-container/spaces/namespaces_users.h"
#include "10-full-container/talk/engine.h"
#include "10-full-container/talk/state_process.h"
#include "10-full-container/talk/sync.h"

/* A new network has just a lo, and that is down. */
static int inside_set_up_network(const struct spec *spec)
{
	CLEANUP_CLOSE int netlink = -1;

	if (!(spec->namespaces.own & CLONE_NEWNET))
		return 0;
	netlink = netlink_open();
	return netlink < 0 ? -1 : link_up(netlink, "lo");
}

/*
 * Where there is no user namespace, namespaces_start() did it.  With one, the
 * time namespace has to belong to it, and only who is in it can see to that.
 */
static int inside_set_up_clocks(const struct spec *spec)
{
	if (!spec->namespaces.has_clocks_inside)
		return 0;
	return clocks_enter(&spec->clocks);
}

/* Of a user namespace that was joined the map is known only now. */
static int inside_find_users(struct spec *spec)
{
	if (!namespaces_joins(&spec->namespaces, CLONE_NEWUSER))
		return 0;
	return namespaces_users_read(&spec->userns, "/proc/self");
}

/*
 * The group is entered by now; its namespace begins there: the "/" that is
 * seen inside is the group that we are in at this moment
 * (cgroup_namespaces(7)).  Hence not with the others, by clone3(2): with v1
 * and with systemd the group comes after it.
 */
static int inside_enter_groups(struct container *c)
{
	const struct spec *spec = &c->spec;

	if (maker_enter(&c->manager, &c->cgroup) < 0)
		return -1;
	if (spec->namespaces.own & CLONE_NEWCGROUP &&
	    unshare(CLONE_NEWCGROUP) < 0)
		return error_call(NULL, "make a cgroup namespace");
	return schedule_free_cpus();
}

/*
 * A hook that runs inside is told the number that the process has there: with
 * the host's it could not find it.
 */
static char *inside_describe(struct container *c, enum status status)
{
	json_object_set_new(c->state.json, "pid", json_integer(getpid()));
	return status_describe(&c->state, status);
}

/*
 * Of a hook that config.json gives none: those of the program, never those of
 * the caller, which somebody inside could read.
 */
static char **inside_variables(const struct container *c)
{
	static char *none[] = { NULL };

	return c->spec.process.env ? c->spec.process.env : none;
}

/* The hooks' turn: all is mounted, but the old root is still there. */
static int inside_run_hooks(struct container *c, int root)
{
	const struct spec *spec = &c->spec;
	CLEANUP_FREE char *state = NULL;

	if (!container_needs_host(spec))
		return 0;
	if (sync_say(c->channel, SYNC_MOUNTED) < 0 ||
	    sync_wait(c->channel, SYNC_GO, NULL) < 0)
		return -1;
	if (!spec->hooks[HOOK_CREATE_CONTAINER])
		return 0;
	state = inside_describe(c, STATUS_CREATING);
	return state ? hooks_run(spec->hooks[HOOK_CREATE_CONTAINER],
				 &(struct hook_place){ HOOK_CREATE_CONTAINER,
						       state, root,
						       inside_variables(c) })
		     : -1;
}

/*
 * All of the host has been used.  Next come words of the image, such as
 * args[0]: so nothing of it may be open by then but what tells the runtime
 * that all is well, or what `start` and a first `exec` need.
 */
static int inside_let_go(struct container *c)
{
	struct spec *spec = &c->spec;
	int kept[6 + NAMESPACE_KINDS] = { c->channel,
					  c->start,
					  spec->process.lsm.profile_file,
					  spec->process.lsm.label_file,
					  spec->filter.socket,
					  c->is_attached || !spec->notify
						  ? -1
						  : spec->notify };

	if (handout_open(&c->handout, namespaces_flags(&spec->namespaces)) < 0)
		return -1;
	memcpy(kept + 6, c->handout.files, sizeof(c->handout.files));
	procfs_let_go();
	spec->process.preserve_fds = c->request->preserve_fds;
	return harden_close_others(3 + spec->process.preserve_fds, kept,
				   6 + NAMESPACE_KINDS);
}

/*
 * Ready.  One that `run` waits for dies with it; a created container outlives
 * the runtime that made it.  Until that has said its last word, the end of
 * the channel tells that it was killed.  The signal is given up before
 * "ready" and not after the last word: by then the parent may be gone, and we
 * with it.
 *
 * From the knock on our messages go to `start`, which waits for the end of
 * this connection: exec closes it.
 */
static int inside_wait_start(struct container *c)
{
	int peer;

	if (!c->is_attached && prctl(PR_SET_PDEATHSIG, 0) < 0)
		return error_call(NULL, "outlive the runtime");
	if (sync_say(c->channel, SYNC_READY) < 0 ||
	    sync_wait(c->channel, SYNC_GO, NULL) < 0)
		return -1;
	if (c->is_attached) /* nothing more comes: its end is the parent's */
		return join_adopt(c->channel);
	close(c->channel);
	peer = handout_await(&c->handout, c->start);
	if (peer < 0)
		return error_call(NULL, "wait for the start");
	close(c->start);
	c->channel = peer;
	sync_messages_to(peer);
	if (c->spec.notify) {
		const char word[] = { SYNC_NOTIFY, '\0' };

		if (sync_send_fd(peer, word, c->spec.notify) < 0)
			return error_call(NULL, "hand over NOTIFY_SOCKET");
		close(c->spec.notify);
	}
	return sync_wait(peer, SYNC_GO, NULL);
}

/*
 * The mounts, and then the hooks, which are to find them; the terminal, as the
 * devpts that it is made in is one of the mounts; covers over what is not to
 * be seen, as a hook may still have changed what is there; at last the root.
 *
 * The caller's umask would take bits away from what is made here.
 */
static int inside_mount(struct container *c)
{
	struct spec *spec = &c->spec;
	mode_t mask = umask(022);
	CLEANUP_CLOSE int root =
		root_build(&spec->root, c->tree, &c->cgroup,
			   spec->namespaces.own & CLONE_NEWCGROUP);

	cgroup_close(&c->cgroup);
	umask(mask);
	if (root < 0 || inside_run_hooks(c, root) < 0)
		return -1;
	if (spec->process.args && home_set(&spec->process, root) < 0)
		return -1;
	if (tty_setup(&spec->process, root,
		      c->console < 0 ? c->channel : c->console, true) < 0)
		return -1;
	if (provide_cwd(&spec->process, root) < 0 ||
	    root_protect(&spec->root, root) < 0)
		return -1;
	return root_enter(&spec->root, root, !c->request->no_pivot);
}

/*
 * These hooks are programs in the container: an image can have others in
 * their place.  So they get no more rights than the program itself has.  That
 * one has failed is said to `start`, which then removes the container
 * (runtime.md, "Lifecycle", 7).
 */
static int inside_run_start_hooks(struct container *c)
{
	CLEANUP_FREE char *state = NULL;

	if (!c->spec.hooks[HOOK_START_CONTAINER])
		return 0;
	state = inside_describe(c, STATUS_CREATED);
	if (state &&
	    hooks_run(c->spec.hooks[HOOK_START_CONTAINER],
		      &(struct hook_place){ HOOK_START_CONTAINER, state, -1,
					    inside_variables(c) }) == 0)
		return 0;
	sync_send(c->channel, SYNC_HOOK);
	return -1;
}

/* What hooks and a listener are told has the number the host knows it by. */
static int inside_know_itself(struct container *c)
{
	bool is_told = c->spec.filter.listener != NULL;
	CLEANUP_FREE char *text = NULL;
	pid_t own;

	for (int i = 0; i < HOOK_KINDS; i++)
		is_told |= c->spec.hooks[i] != NULL;
	if (!is_told)
		return 0;
	tzset(); /* as in listener_connect() */
	own = procfs_own_pid();
	if (state_set_pid(&c->state, own) < 0)
		return -1;
	if (!c->spec.filter.listener)
		return 0;
	text = status_describe(&c->state, STATUS_CREATING);
	return text ? listener_describe(&c->spec.filter, text, own) : -1;
}

/*
 * The gate of the stages, and what comes right behind it.  In a session of our
 * own the caller's terminal is not ours: no Ctrl-C typed there reaches us, and
 * only who leads a session without a terminal can be given one (TIOCSCTTY,
 * ioctl_tty(2)).
 */
static int inside_begin(struct container *c)
{
	/* Or it would be held open from here, and nobody see the parent's end. */
	close(c->ends[0]);
	c->channel = c->ends[1];
	sync_messages_to(c->channel);
	state_detach(&c->state);
	if (sync_wait(c->channel, SYNC_GO, NULL) < 0)
		return -1;
	/* A scope's process was moved by who is outside. */
	if (!c->manager.unit && cgroup_join_self(&c->cgroup) < 0)
		return -1;
	if (setsid() < 0)
		return error_call(NULL, "begin a session");
	if (!c->request->keeps_keyring && harden_leave_keyring() < 0)
		return -1;
	log_step("inside: ids are mapped, a session of its own");
	return 0;
}

/*
 * Into the namespaces that clone3(2) could not put us in, as root of the user
 * namespace.  That only in the end: the clocks need a file below /proc/self,
 * and after a change of ids those are not ours any more (prctl(2),
 * PR_SET_DUMPABLE).
 */
static int inside_enter_namespaces(struct container *c)
{
	struct spec *spec = &c->spec;

	/* Below /proc/self: the files of the user that we still are. */
	if (process_use_proc(&spec->process) < 0 ||
	    namespaces_join(&spec->namespaces) < 0 ||
	    inside_set_up_network(spec) < 0)
		return -1;
	if (inside_find_users(spec) < 0 || inside_set_up_clocks(spec) < 0 ||
	    namespaces_users_become_root(&spec->userns) < 0)
		return -1;
	return inside_enter_groups(c);
}

/* What comes before what, and why: see the top. */
int container_inside(void *argument)
{
	struct container *c = argument;
	struct spec *spec = &c->spec;

	if (inside_begin(c) < 0)
		return EXIT_SETUP;
	if (inside_enter_namespaces(c) < 0)
		return EXIT_SETUP;
	if (uts_setup(&spec->uts) < 0)
		return EXIT_SETUP;
	/* In the namespaces whose parameters they are, by the host's /proc. */
	if (sysctl_write(spec->sysctls) < 0)
		return EXIT_SETUP;
	if (inside_know_itself(c) < 0 || listener_connect(&spec->filter) < 0)
		return EXIT_SETUP;
	/* Until here the files below /proc/self had to be ours.  Next come
	   hooks, and later whoever `exec` lets in while we wait. */
	harden_hide();
	log_step("inside: host name %s, kernel parameters",
		 spec->uts.hostname ? spec->uts.hostname : "as it is");
	if (inside_mount(c) < 0)
		return EXIT_SETUP;
	if (inside_let_go(c) < 0)
		return EXIT_SETUP;
	umask(022); /* not the caller's; runc and crun begin with it, too */
	if (spec->process.args && process_enter(&spec->process) < 0)
		return EXIT_SETUP;
	/* What goes wrong from here on, `start` has to report. */
	if (inside_wait_start(c) < 0)
		return EXIT_SETUP;
	/* `run` is our parent, and needs no word to know how we end. */
	spec->process.says_last = !c->is_attached;
	if (process_become(&spec->process, &spec->filter, &spec->memory_policy,
			   &spec->persona, c->channel) < 0 ||
	    inside_run_start_hooks(c) < 0)
		return EXIT_SETUP;
	if (spec->filter.program.len == 0)
		process_say_last(&spec->process, c->channel);
	return process_run(&spec->process);
}
