/*
 * Run another program, tell it the state, wait for it.
 *
 * In whose namespaces, and with whose rights, depends on the kind of the hook
 * (runtime-spec, config.md, "POSIX-platform Hooks"): hence the caller's place.
 * Its environment is only what config.json gives it.
 *
 *     prestart, createRuntime    create.c    host         mounts are there
 *     createContainer            init.c      container    the old root, too
 *     startContainer             init.c      container    just before exec
 *     poststart                  start.c     host         the program runs
 *     poststop                   delete.c    host         no process is left
 */
#include "10-full-container/hooks.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "01-uts/child.h"
#include "01-uts/cleanup.h"
#include "01-uts/error.h"
#include "10-full-container/harden.h"
#include "10-full-container/log.h"
#include "10-full-container/sync.h"

const char *const hook_names[HOOK_KINDS + 1] = {
	"prestart",       "createRuntime", "createContainer",
	"startContainer", "poststart",     "poststop",
};

/*
 * In the hook's process: the state on standard input, then the program.
 *
 * Of what is open, by us or by who called us, it gets nothing; and since the
 * path may be one inside, nothing may lead out while it is looked up.  Only
 * where messages go stays open, until the exec.
 */
static _Noreturn void hook_exec(const struct hook *hook, int input)
{
	int messages = sync_messages() < 0 ? log_descriptor() : sync_messages();
	char *only_path[] = { (char *)hook->path, NULL };
	char *no_variables[] = { NULL };
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (dup2(input, STDIN_FILENO) == STDIN_FILENO) {
		if (harden_close_others(STDERR_FILENO + 1, &messages, 1) < 0)
			_exit(127);
		execve(hook->path, hook->args ? hook->args : only_path,
		       hook->env ? hook->env : no_variables);
	}
	error_call(NULL, "run the hook %s", hook->path);
	_exit(127);
}

/* A socket, not a pipe: a hook that does not read must not hurt (SIGPIPE). */
static pid_t hook_start(const struct hook *hook, const char *state)
{
	pid_t pid;
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return error_call(NULL, "make the input of a hook");
	pid = fork();
	if (pid == 0)
		hook_exec(hook, ends[0]);
	if (pid < 0)
		error_call(NULL, "start the hook %s", hook->path);
	close(ends[0]);
	if (pid > 0 &&
	    send(ends[1], state, strlen(state), MSG_NOSIGNAL | MSG_DONTWAIT) <
		    0 &&
	    errno != EPIPE)
		error_call(NULL, "tell the hook %s the state", hook->path);
	close(ends[1]);
	return pid;
}

/*
 * Wait for the end, or the time-out: then the hook is killed.  By its number,
 * which is nobody else's as long as we have not waited for it.
 */
static int hook_wait(const struct hook *hook, const char *kind, pid_t pid)
{
	CLEANUP_CLOSE int pidfd = -1;
	struct pollfd end = { .events = POLLIN };
	int status = 0, result = 1;

	if (hook->timeout > 0)
		end.fd = pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (hook->timeout > 0 && pidfd < 0)
		result = error_call(NULL, "watch the hook %s", hook->path);
	if (pidfd >= 0)
		do
			result = poll(&end, 1, hook->timeout * 1000);
		while (result < 0 && errno == EINTR);
	if (result <= 0)
		kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return error_call(NULL, "wait for the hook %s",
					  hook->path);
	if (result == 0)
		return error_input(NULL, "the %s hook %s took longer than %d s",
				   kind, hook->path, hook->timeout);
	if (result < 0)
		return -1;
	if (status != 0)
		return error_input(NULL,
				   "the %s hook %s failed: exit status %d",
				   kind, hook->path, child_status(status));
	return 0;
}

/*
 * One after the other.  The first failure stops the rest, except at the end of
 * a container: then each has something to clean up.  What a failure means
 * depends on the kind, so the caller decides.
 */
int hooks_run(const struct hook *hooks, enum hook_kind kind, const char *state)
{
	int result = 0;

	for (const struct hook *hook = hooks; hook && hook->path; hook++) {
		pid_t pid;

		log_step("%s hook %s", hook_names[kind], hook->path);
		pid = hook_start(hook, state);

		if (pid >= 0 && hook_wait(hook, hook_names[kind], pid) == 0)
			continue;
		result = -1;
		if (kind != HOOK_POSTSTOP)
			break;
	}
	return result;
}
