/* Why a process has ended: its parent, its group, and /proc know. */
#include "10-full-container/life/ended.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "05-cgroups/beyond/stats.h"
#include "10-full-container/group/group.h"
#include "10-full-container/talk/patience.h"

#define ENDED_NOT_EXECED 0x40 /* PF_FORKNOEXEC, <linux/sched.h> */
#define ENDED_WAIT_MS    10000

static const char ended_hint[] = "somebody has killed it, or the kernel has: "
				 "see dmesg";

/* Counted from the beginning of the group, which has just begun; or of a
   program in it that was killed before, which is as good a reason. */
static int ended_without_memory(const struct state *state)
{
	struct cgroup cg = { 0 };
	int found = group_find(state, &cg);
	long long kills;

	if (found > 0 &&
	    cgroup_read(&cg, "memory.events", "oom_kill", &kills) < 0)
		found = error_call(NULL, "read memory.events of container %s",
				   state->id);
	cgroup_close(&cg);
	return found > 0 ? kills > 0 : found;
}

/* It has closed the channel: so it ends soon, or it will not at all. */
static int ended_wait(pid_t pid, const struct state *state, const char *doing)
{
	CLEANUP_CLOSE int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	struct pollfd end = { .fd = pidfd, .events = POLLIN };
	int ready = 1;

	if (pidfd >= 0)
		ready = patience_poll(&end, 1, ENDED_WAIT_MS,
				      "the end of the container's process");
	if (ready == 0)
		error_input("delete --force ends it",
			    "%s: container %s: its process does not answer",
			    doing, state->id);
	return ready > 0 ? 0 : -1;
}

int ended_explain(pid_t pid, const struct state *state, const char *doing)
{
	siginfo_t info = { 0 };
	int is_short = error_count > 0 ? -1 : ended_without_memory(state);

	if (is_short < 0)
		return -1;
	if (is_short)
		return error_input("raise memory.limit in linux.resources",
				   "%s: container %s: the kernel killed its "
				   "process: out of memory, nothing can start "
				   "with so low a limit",
				   doing, state->id);
	if (ended_wait(pid, state, doing) < 0)
		return -1;
	/* No zombie, no answer: it is a stranger's child. */
	if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) < 0)
		return error_input(ended_hint,
				   "%s: container %s: its process ended "
				   "before it was the program",
				   doing, state->id);
	/* Of its own will: it has said why, if only where it could. */
	if (info.si_code == CLD_EXITED && info.si_status == EXIT_SETUP)
		return -1;
	if (info.si_code == CLD_EXITED)
		return error_input(NULL,
				   "%s: container %s: its process ended with "
				   "status %d and could not say why",
				   doing, state->id, info.si_status);
	return error_input(ended_hint,
			   "%s: container %s: its process was killed by "
			   "signal %d (%s)",
			   doing, state->id, info.si_status,
			   strsignal(info.si_status));
}

/*
 * The kernel remembers of each process whether it has called execve(2) since
 * it was forked, and tells that of a zombie as well: proc_pid_stat(5), flags.
 */
int ended_before_exec(pid_t pid, const struct state *state, const char *doing,
		      bool is_last)
{
	CLEANUP_CLOSE int fd = -1;
	unsigned int flags = 0;
	char path[64], text[512], *rest;
	ssize_t length;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	length = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (length < 0 && (errno == ENOENT || errno == ESRCH))
		return is_last ? 0 : ended_explain(pid, state, doing);
	if (length < 0)
		return error_call(NULL, "read %s", path);
	text[length] = '\0';
	rest = strrchr(text, ')'); /* the name may contain anything */
	if (!rest || sscanf(rest, ") %*c %*d %*d %*d %*d %*d %u", &flags) != 1)
		return error_input(NULL, "%s is not as proc(5) has it", path);
	return flags & ENDED_NOT_EXECED ? ended_explain(pid, state, doing) : 0;
}
