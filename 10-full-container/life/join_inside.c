/*
 * The two processes that go into a container, one after the other.
 *
 * setns(2) with a pidfd joins all kinds of namespaces in one call (Linux 5.8).
 * The PID namespace is the exception, as always: it is for children.  Whoever
 * is born there can be seen by the container: root with CAP_SYS_PTRACE may
 * look at its root directory and take its descriptors (pidfd_getfd(2)).
 *
 * So a helper, which nobody inside can see, enters all the rest first and lets
 * go of what is the host's.  Then it makes the process that stays: inside from
 * its first instruction, with nothing to take.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "01-uts/beyond/parent.h"
#include "09-seccomp/beyond/procfs.h"
#include "10-full-container/guard/harden.h"
#include "10-full-container/life/join.h"
#include "10-full-container/life/status.h"
#include "10-full-container/process/home.h"
#include "10-full-container/process/listener.h"
#include "10-full-container/process/tty.h"
#include "10-full-container/spaces/namespaces_users.h"
#include "10-full-container/talk/engine.h"
#include "10-full-container/talk/sync.h"

/* A socket on which nothing more comes is readable at its end, as a pidfd. */
int join_adopt(int channel)
{
	parent_watch_by(channel);
	return child_die_with_parent();
}

/*
 * An ordinary user gets the right to the others from the user namespace, which
 * the kernel enters first.
 */
static int join_enter(const struct join *j, int flags)
{
	flags &= j->flags;
	if (j->handout.is_there)
		return handout_enter(&j->handout, flags);
	if (flags && setns(j->pidfd, flags) < 0)
		return error_call(container_join_hints,
				  "enter the container %s", j->state.id);
	return 0;
}

static int join_take_terminal(struct join *j)
{
	CLEANUP_CLOSE int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	return tty_setup(&j->process, root,
			 j->console < 0 ? j->channel : j->console, false);
}

/* Before words of the image are looked up: see rootfs_let_go(), stage 04. */
static int join_let_go_last(const struct join *j)
{
	const int kept[] = { j->channel, j->spec.filter.socket };

	procfs_let_go();
	return harden_close_others(3 + j->process.preserve_fds, kept, 2);
}

static int join_describe(struct join *j, pid_t own)
{
	CLEANUP_FREE char *text = NULL;

	if (!j->spec.filter.listener)
		return 0;
	text = status_describe(&j->state, STATUS_RUNNING);
	return text ? listener_describe(&j->spec.filter, text, own) : -1;
}

/*
 * In the process that stays, until it is the program.  The number that comes
 * from the parent is its own, in the host: that the parent lives is certain
 * then, and the channel tells when it ends.
 */
static int join_inside(struct join *j)
{
	pid_t own;

	j->channel = j->ends[1];
	sync_messages_to(j->channel);
	if (sync_hear_number(j->channel, &own, 0) <= 0 ||
	    join_adopt(j->channel) < 0)
		return EXIT_SETUP;
	if (setsid() < 0) {
		error_call(NULL, "begin a session");
		return EXIT_SETUP;
	}
	/* The clocks belong to memory, and the helper's was not its own. */
	if (join_enter(j, CLONE_NEWTIME) < 0)
		return EXIT_SETUP;
	/* By the container's /proc, in which only who is inside has a self.
	   Who has a user namespace cannot trace us: harden_hide(). */
	if (namespaces_users_become_root(&j->spec.userns) < 0 ||
	    join_describe(j, own) < 0)
		return EXIT_SETUP;
	if (join_take_terminal(j) < 0 || join_let_go_last(j) < 0)
		return EXIT_SETUP;
	if (process_enter(&j->process) < 0)
		return errno == ENOENT ? 127 : 126;
	if (!j->is_attached && prctl(PR_SET_PDEATHSIG, 0) < 0) {
		error_call(NULL, "outlive the runtime");
		return EXIT_SETUP;
	}
	log_step("run %s with the rights of the container", j->process.args[0]);
	if (process_become(&j->process, &j->spec.filter, &j->spec.memory_policy,
			   &j->spec.persona, j->channel) < 0)
		return EXIT_SETUP;
	return process_run(&j->process);
}

/* Unless config.json binds it: where the group may, as the first process. */
static int join_choose_cpus(const struct schedule *schedule)
{
	if (!schedule->initial.has_some && !schedule->final.has_some)
		return schedule_free_cpus();
	return schedule_choose_cpus(&schedule->final);
}

/* All that is done by the host's paths, or by the host's /proc. */
static int join_use_host(struct join *j)
{
	if ((!j->keeps_keyring && harden_leave_keyring() < 0) ||
	    join_choose_cpus(&j->process.schedule) < 0 ||
	    process_use_proc(&j->process) < 0)
		return -1;
	/* The kernel lets only this process write to its files; who is made
	   later inherits what it is to become. */
	if (lsm_setup(&j->process.lsm) < 0)
		return -1;
	j->process.lsm = (struct lsm){ 0 };
	return listener_connect(&j->spec.filter);
}

/* Real closes, since this is a fork without an exec. */
static int join_let_go(struct join *j)
{
	int time = j->handout.is_there
			   ? handout_file(&j->handout, CLONE_NEWTIME)
			   : j->pidfd;
	const int kept[] = { j->ends[1], j->console, j->spec.filter.socket,
			     j->flags & CLONE_NEWTIME ? time : -1 };

	return harden_close_others(3 + j->process.preserve_fds, kept, 4);
}

/*
 * The kernel writes the number to our memory, which may be the parent's, too;
 * the process has a copy of its own.  It says nothing before it is told its
 * number: so what we send is the first that comes.
 */
static int join_bear(struct join *j)
{
	struct clone_args args = { .flags = CLONE_PARENT | CLONE_PARENT_SETTID,
				   .parent_tid = (uintptr_t)&j->born };
	long pid;

	pid = syscall(SYS_clone3, &args, sizeof(args));
	if (pid == 0)
		_exit(join_inside(j));
	if (pid < 0)
		j->born = -errno;
	if (j->is_apart && sync_send_number(j->ends[1], j->born) < 0)
		return error_call(NULL, "tell of the process in the container");
	return pid < 0 ? -1 : 0;
}

/* With cgroup v1; with v2 it was born there. */
static int join_move(const struct join *j)
{
	if (cgroup_join_self(&j->group) < 0)
		return -1;
	return j->below ? cgroup_join_self(&j->below_group) : 0;
}

/*
 * In this order: the group, which is a path of the host; what else needs its
 * paths or its /proc; the namespaces; what has to be read of the image; and
 * when nothing of the host is open any more, the process.  Nothing that is
 * done here to memory is undone in the parent.
 */
int join_outside(void *argument)
{
	struct join *j = argument;
	int root, result;

	close(j->ends[0]);
	if (join_adopt(j->ends[1]) < 0 || join_move(j) < 0 ||
	    join_use_host(j) < 0)
		return EXIT_SETUP;
	log_step("inside the group; enter the namespaces");
	if (join_enter(j, ~CLONE_NEWTIME) < 0)
		return EXIT_SETUP;
	harden_hide(); /* with fs.suid_dumpable=1 the kernel may undo it */
	/* By the host's /proc, which is let go of next. */
	root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	result = home_set(&j->process, root);
	close(root);
	if (result < 0 || join_let_go(j) < 0 || join_bear(j) < 0)
		return EXIT_SETUP;
	return 0;
}
