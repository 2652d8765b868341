/*
 * The parent's side of a process that joins.
 *
 * It stays where it is.  A helper goes in and leaves a process there, which is
 * the parent's child like the helper itself (CLONE_PARENT); see join_inside.c.
 */
#include "10-full-container/join.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "01-uts/error.h"
#include "05-cgroups/existing.h"
#include "10-full-container/group.h"
#include "10-full-container/harden.h"
#include "10-full-container/procfs.h"
#include "10-full-container/sync.h"

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

/*
 * The helper ends when it has made the process, whose number in our PID
 * namespace the kernel has written to the shared page (clone(2),
 * CLONE_PARENT_SETTID).  The process itself sees another number, so it is told.
 */
static int join_await(struct join *j)
{
	pid_t pid;

	while (waitpid(j->child.pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	pid = *j->born;
	munmap(j->born, sizeof(*j->born));
	if (pid > 0) {
		j->child.pid = pid;
		/* If it has died already, its end is noticed later. */
		send(j->channel, &pid, sizeof(pid), MSG_NOSIGNAL);
		return 0;
	}
	sync_wait_end(j->channel, NULL);
	close(j->channel);
	close(j->child.gate);
	return -1;
}

static int join_start_helper(struct join *j, struct clone_args *args)
{
	j->born = mmap(NULL, sizeof(*j->born), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (j->born == MAP_FAILED)
		return error_call(NULL, "get memory to share with a child");
	return child_start(&j->child, args, join_outside, j);
}

/* In the parent.  The helper waits for the word that it is in its group. */
int join_start(struct join *j)
{
	struct clone_args args = { 0 };
	struct cgroup cg = { 0 }, below = { 0 };
	int ends[2], result = -1;

	/* The process is seen from inside from its first moment on. */
	harden_hide();
	if (procfs_keep() < 0 ||
	    schedule_choose_cpus(&j->process.schedule.initial) < 0 ||
	    join_group(j, &cg, &below, &args) < 0)
		goto close;
	if (sync_pair(ends) == 0) {
		j->channel = ends[1];
		result = join_start_helper(j, &args);
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
	return result < 0 ? -1 : join_await(j);
}
