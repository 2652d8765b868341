/*
 * Run another program, tell it the state, wait for it.
 *
 * In whose namespaces, and with whose rights, depends on the kind of the hook
 * (runtime-spec, config.md, "POSIX-platform Hooks"): hence the caller's place.
 * What the specification leaves open is as other runtimes have it: in which
 * directory, and with which variables if config.json gives none.
 *
 *                                             directory     variables
 *     prestart, createRuntime    create.c     the bundle    the caller's
 *     createContainer            init.c       the root      the process's
 *     startContainer             init.c       its cwd       the process's
 *     poststart                  start.c      the bundle    the caller's
 *     poststop                   delete.c     the bundle    the caller's
 */
#include "10-full-container/talk/hooks.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "01-uts/child.h"
#include "10-full-container/guard/harden.h"
#include "10-full-container/talk/engine.h"
#include "10-full-container/talk/patience.h"

const char *const hook_names[HOOK_KINDS + 1] = {
	[HOOK_PRESTART] = "prestart",
	[HOOK_CREATE_RUNTIME] = "createRuntime",
	[HOOK_CREATE_CONTAINER] = "createContainer",
	[HOOK_START_CONTAINER] = "startContainer",
	[HOOK_POSTSTART] = "poststart",
	[HOOK_POSTSTOP] = "poststop",
};

static const struct hint hook_hints[] = {
	{ ENOENT, "hooks are programs of the host, but those of startContainer "
		  "of the container; or its #! interpreter is missing" },
	{ EACCES, "a hook is a file with x permission" },
	{ ENOEXEC, "exec format error: a script needs #!/bin/sh as its first "
		   "line" },
	{ 0, NULL },
};

/*
 * The path is the runtime's or the container's, depending on the kind;
 * absolute in any case.  The timeout is in seconds.
 */
static const struct member hook_members[] = {
	{ "path", member_path, MEMBER_AT(struct hook, path), REQUIRED },
	{ "args", member_strings, MEMBER_AT(struct hook, args) },
	{ "env", member_strings, MEMBER_AT(struct hook, env) },
	{ "timeout", member_integer, MEMBER_AT(struct hook, timeout), .low = 1,
	  .high = INT_MAX / 1000 },
	{ 0 },
};

/*
 * No list, or an empty one: NULL, so that the callers can ask for hooks at
 * all.
 */
static int hooks_read_list(struct hook **list, const struct value *array)
{
	if (value_count(array) == 0)
		return 0;
	*list = calloc(value_count(array) + 1, sizeof(struct hook));
	if (!*list)
		return error_call(NULL, "read the hooks");
	for (size_t i = 0; i < value_count(array); i++) {
		struct value item = value_item(array, i);

		if (members_read(&item, hook_members, &(*list)[i]) < 0)
			return -1;
	}
	return 0;
}

int hooks_read(const struct value *hooks, void *field)
{
	struct hook **lists = field;
	struct value array;

	if (value_item_object(hooks) < 0)
		return -1;
	for (int kind = 0; kind < HOOK_KINDS; kind++)
		if (value_array(hooks, hook_names[kind], &array) < 0 ||
		    hooks_read_list(&lists[kind], &array) < 0)
			return -1;
	return 0;
}

void hooks_free(struct hook *hooks)
{
	for (struct hook *hook = hooks; hook && hook->path; hook++) {
		free(hook->args);
		free(hook->env);
	}
	free(hooks);
}

/* A hook that runs: what it is told, and what it tells. */
struct hook_process {
	pid_t pid;
	int input;        /* its standard input */
	const char *rest; /* of the state: what it has not been told yet */
	int failure;      /* what its execve(2) has answered; 0: it runs */
};

/*
 * In the hook's process: the state on standard input, then the program.  Its
 * failure is told by number, to be part of the one message.
 *
 * Of what is open, by us or by who called us, it gets nothing; and since the
 * path may be one inside, nothing may lead out while it is looked up.  Only
 * where a failure is told stays open, until the exec.
 */
static _Noreturn void hook_exec(const struct hook *hook,
				const struct hook_place *place, int input,
				int told)
{
	char *only_path[] = { (char *)hook->path, NULL };
	char **env = hook->env ? hook->env : place->env;
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	if ((place->directory < 0 || fchdir(place->directory) == 0) &&
	    dup2(input, STDIN_FILENO) == STDIN_FILENO &&
	    harden_close_others(STDERR_FILENO + 1, &told, 1) == 0)
		execve(hook->path, hook->args ? hook->args : only_path, env);
	send(told, &errno, sizeof(errno), MSG_NOSIGNAL);
	_exit(127);
}

/*
 * A socket, not a pipe: a hook that does not read must not hurt (SIGPIPE).  The
 * second one is closed by the exec, or brings its error.
 */
static int hook_start(struct hook_process *p, const struct hook *hook,
		      const struct hook_place *place)
{
	CLEANUP_CLOSE int told = -1;
	int ends[2], exec[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return error_call(NULL, "make the input of a hook");
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, exec) < 0) {
		close(ends[0]);
		close(ends[1]);
		return error_call(NULL, "make the input of a hook");
	}
	told = exec[0];
	p->pid = fork();
	if (p->pid == 0)
		hook_exec(hook, place, ends[0], exec[1]);
	if (p->pid < 0)
		error_call(NULL, "start the %s hook %s",
			   hook_names[place->kind], hook->path);
	close(ends[0]);
	close(exec[1]);
	p->input = ends[1];
	while (p->pid > 0 && recv(told, &p->failure, sizeof(int), 0) < 0 &&
	       errno == EINTR)
		continue;
	return p->pid < 0 ? -1 : 0;
}

/* As much as it takes now.  EPIPE: it does not want to know. */
static void hook_tell(struct hook_process *p)
{
	ssize_t sent = 1;

	while (*p->rest && sent > 0) {
		sent = send(p->input, p->rest, strlen(p->rest),
			    MSG_NOSIGNAL | MSG_DONTWAIT);
		if (sent > 0)
			p->rest += sent;
		else if (errno != EAGAIN && errno != EINTR)
			p->rest += strlen(p->rest);
	}
	if (*p->rest == '\0' && p->input >= 0) {
		close(p->input);
		p->input = -1;
	}
}

static long long hook_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/*
 * Until it ends: 1.  0: its time is over.  -1 after a message.  It is told the
 * rest of the state meanwhile, which can be longer than a socket's buffer.
 */
static int hook_follow(struct hook_process *p, const struct hook *hook,
		       int pidfd)
{
	long long end = hook_clock() + hook->timeout * 1000LL, left = -1;
	int ready = 0;

	for (;;) {
		struct pollfd fds[2] = { { pidfd, POLLIN, 0 },
					 { p->input, POLLOUT, 0 } };

		if (hook->timeout > 0)
			left = end - hook_clock();
		if (hook->timeout > 0 && left <= 0)
			return 0;
		ready = patience_poll(fds, 2, (int)left, "the end of a hook");
		if (ready < 0 || fds[0].revents)
			return ready < 0 ? -1 : 1;
		hook_tell(p);
	}
}

/*
 * By its number, which is nobody else's as long as we have not waited for it.
 * A filter of the container may forbid pidfd_open(2) to who runs the hooks
 * inside: those are waited for, and no more, unless there is need for it.
 */
static int hook_wait(struct hook_process *p, const struct hook *hook,
		     enum hook_kind kind, int *status)
{
	CLEANUP_CLOSE int pidfd = -1;
	int result = 1;

	hook_tell(p);
	if (kind != HOOK_START_CONTAINER || hook->timeout > 0 || *p->rest)
		pidfd = (int)syscall(SYS_pidfd_open, p->pid, 0);
	if (pidfd >= 0)
		result = hook_follow(p, hook, pidfd);
	else if (hook->timeout > 0)
		result = error_call(NULL, "watch the hook %s", hook->path);
	if (result <= 0)
		kill(p->pid, SIGKILL);
	while (waitpid(p->pid, status, 0) < 0)
		if (errno != EINTR)
			return error_call(NULL, "wait for the hook %s",
					  hook->path);
	return result;
}

static int hook_run(const struct hook *hook, const struct hook_place *place)
{
	const char *kind = hook_names[place->kind];
	struct hook_process p = { .input = -1, .rest = place->state };
	int status = 0, result;

	log_step("%s hook %s", kind, hook->path);
	if (hook_start(&p, hook, place) < 0)
		return -1;
	result = hook_wait(&p, hook, place->kind, &status);
	if (p.input >= 0)
		close(p.input);
	if (result < 0)
		return -1;
	errno = p.failure;
	if (p.failure)
		return error_call(hook_hints, "run the %s hook %s", kind,
				  hook->path);
	if (result == 0)
		return error_input(NULL, "the %s hook %s took longer than %d s",
				   kind, hook->path, hook->timeout);
	if (WIFSIGNALED(status))
		return error_input(NULL,
				   "the %s hook %s failed: signal %d (%s)",
				   kind, hook->path, WTERMSIG(status),
				   strsignal(WTERMSIG(status)));
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
int hooks_run(const struct hook *hooks, const struct hook_place *place)
{
	int result = 0;

	for (const struct hook *hook = hooks; hook && hook->path; hook++) {
		if (hook_run(hook, place) == 0)
			continue;
		result = -1;
		if (place->kind != HOOK_POSTSTOP)
			break;
	}
	return result;
}
