/*
 * exec: a further process in a container that runs.
 *
 * It is not a child of the container's first process but of ours: it joins.
 * What it may do is what config.json says of the first one, unless it brings a
 * process of its own (--process).  The specification has no such verb; engines
 * have it from runc.
 *
 *     exec_find      whose namespaces, and that they are still those of the
 *                    container
 *     exec_process   what is to run there, and as whom
 *     join_start     one more process goes in; join.h has the picture
 *     exec_follow    wait until it is its program; attached, until it ends
 *
 * The state does not say that it is there.  Who is in a container, the group
 * knows: so kill, pause and delete find it, too.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "10-full-container/life/command.h"
#include "10-full-container/life/delegate.h"
#include "10-full-container/life/ended.h"
#include "10-full-container/life/exec_process.h"
#include "10-full-container/life/join.h"
#include "10-full-container/life/status.h"
#include "10-full-container/process/provide.h"
#include "10-full-container/process/tty.h"
#include "10-full-container/root/hide_host.h"
#include "10-full-container/spaces/namespaces_users.h"
#include "10-full-container/talk/engine.h"
#include "10-full-container/talk/relay.h"
#include "10-full-container/talk/sync.h"

const struct option_entry exec_options[] = {
	{ 'p', "process", "FILE", "what to run, as JSON", option_string,
	  offsetof(struct request, process) },
	{ 't', "tty", NULL, "on a terminal of its own", option_flag,
	  offsetof(struct request, tty) },
	{ 'd', "detach", NULL, "do not wait for the end", option_flag,
	  offsetof(struct request, detach) },
	{ 'e', "env", "NAME=VALUE", "set a variable (repeat)",
	  request_parse_list, offsetof(struct request, env) },
	{ 'w', "cwd", "DIR", "the working directory", option_string,
	  offsetof(struct request, cwd) },
	{ 'u', "user", "UID[:GID]", "who it runs as", option_string,
	  offsetof(struct request, user) },
	{ 'c', "cap", "NAME", "give this capability as well (repeat)",
	  request_parse_list, offsetof(struct request, caps) },
	{ 'g', "additional-gids", "GID", "a further group of it (repeat)",
	  request_parse_list, offsetof(struct request, gids) },
	{ 0, "cgroup", "[CONTROLLER:]PATH", "in this group below its own",
	  option_string, offsetof(struct request, cgroup) },
	{ 0, "apparmor", "PROFILE", "under this profile of AppArmor",
	  option_string, offsetof(struct request, apparmor) },
	{ 0, "process-label", "LABEL", "with this label of SELinux",
	  option_string, offsetof(struct request, label) },
	{ 0, "ignore-paused", NULL, "paused: wait until it is resumed",
	  option_flag, offsetof(struct request, ignore_paused) },
	{ 0, "no-new-privs", NULL, "no exec gains privileges", option_flag,
	  offsetof(struct request, no_new_privs) },
	{ 0 },
};

/* A user namespace that was joined has a map that config.json does not know. */
static int exec_find_users(struct join *j)
{
	char path[64];

	if (!namespaces_joins(&j->spec.namespaces, CLONE_NEWUSER))
		return 0;
	snprintf(path, sizeof(path), "/proc/%d",
		 (int)state_number(&j->state, "pid"));
	return namespaces_users_read(&j->spec.userns, path);
}

/* By a pidfd, so that it is certain whose namespaces are joined. */
static int exec_find(struct join *j, const struct request *request)
{
	const char *bundle;
	enum status status;

	if (pid_file_check(request->pid_file) < 0 ||
	    state_open(&j->state, request->root, request->id, false) < 0)
		return -1;
	if (status_open_process(&j->state, &j->pidfd, &status) < 0)
		return -1;
	if (status == STATUS_STOPPED || status == STATUS_CREATING)
		return error_input("only a created or running container can "
				   "be entered",
				   "exec: the container %s is %s", request->id,
				   status_name(status));
	if (status == STATUS_PAUSED && !request->ignore_paused)
		return error_input("resume it first; with --ignore-paused it "
				   "starts when that happens",
				   "exec: the container %s is paused",
				   request->id);
	j->keeps_keyring = state_is(&j->state, "keepsKeyring");
	bundle = state_text(&j->state, "bundle");
	if (spec_read(&j->spec, j->state.dir, bundle) < 0)
		return -1;
	j->flags = namespaces_flags(&j->spec.namespaces);
	/* One that waits is hidden from an ordinary user. */
	if (status == STATUS_CREATED && geteuid() != 0)
		handout_ask(&j->handout, &j->state, j->flags);
	return exec_find_users(j);
}

/*
 * What has failed must not go on.  One that has ended keeps its status, also
 * if it is killed after that; one that has ended without a word is explained.
 */
static int exec_give_up(struct join *j)
{
	int wait_status = 0, status;

	ended_explain(j->child.pid, &j->state, "exec");
	kill(j->child.pid, SIGKILL);
	close(j->child.gate);
	while (waitpid(j->child.pid, &wait_status, 0) < 0 && errno == EINTR)
		continue;
	status = child_status(wait_status);
	return status == 126 || status == 127 ? status : EXIT_EXEC;
}

/*
 * Wait until it runs, and attached, until it has ended.  An engine is told the
 * process when it has become the program, and not before: what failed on the
 * way was none.  With 126 and 127 the process says that its program cannot be
 * executed or is not there; all other failures are those of `exec`.
 */
static int exec_follow(struct join *j, const struct request *request)
{
	struct sync_end end = { 0 };
	CLEANUP_CLOSE int master = -1;

	if ((j->process.terminal && j->console < 0 &&
	     sync_wait(j->channel, SYNC_CONSOLE, &master) < 0) ||
	    sync_wait_end(j->channel, &end) < 0 ||
	    ended_before_exec(j->child.pid, &j->state, "exec", true) < 0 ||
	    pid_file_write(request->pid_file, j->child.pid) < 0 ||
	    pid_socket_send(request->pidfd_socket, j->child.pid) < 0)
		return exec_give_up(j);
	if (!j->is_attached)
		return 0;
	return master < 0 ? child_run(&j->child) : relay_run(&j->child, master);
}

/*
 * Without the state's lock: any number of these may be running.  The signals
 * first, as in `create`: if 0, 1 or 2 is closed, nothing of ours must get that
 * number, and be the process's input.
 */
static int exec_run(struct join *j, const struct request *request,
		    json_t **document)
{
	child_hold_signals();
	if (exec_find(j, request) < 0)
		return EXIT_EXEC;
	if (exec_process(&j->process, request, &j->spec, document) < 0)
		return EXIT_EXEC;
	/* As for the first process: see outside_start(). */
	if (state_is(&j->state, "noPivot") && j->flags & CLONE_NEWUSER &&
	    hide_host_check(&j->process.caps) < 0)
		return EXIT_EXEC;
	if (state_is(&j->state, "lacksDeviceRules") &&
	    !(j->flags & CLONE_NEWUSER))
		device_rules_take_mknod(&j->process.caps);
	/* And that of a user namespace cannot do this for itself. */
	if (delegate_own_pipes(&j->spec, &j->process) < 0)
		return EXIT_EXEC;
	j->process.preserve_fds = request->preserve_fds;
	j->below = request->cgroup;
	if (tty_choose(&j->process, request->console_socket, j->is_attached,
		       "exec", &j->console) < 0 ||
	    join_start(j) < 0)
		return EXIT_EXEC;
	return exec_follow(j, request);
}

int command_exec(struct request *request)
{
	struct join j = { .is_attached = !request->detach,
			  .pidfd = -1,
			  .channel = -1,
			  .console = -1 };
	json_t *document = NULL;

	/* All memory ends with the process: see command_run(). */
	return exec_run(&j, request, &document);
}
