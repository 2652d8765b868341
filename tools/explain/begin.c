/*
 * The order matters.  The child waits, is traced (PTRACE_SEIZE, which does not
 * stop it), loads the filter, and becomes the command.  Were the filter loaded
 * before there is a tracer, its first execve would fail with ENOSYS.
 *
 * With PTRACE_O_EXITKILL the kernel kills all that we trace when we end, however
 * that may be.  Who is only joined must not be killed, and has no filter that
 * would make calls fail: so it goes without.
 */
#include "tools/explain/begin.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "habits/look.h"
#include "01-uts/beyond/program.h"
#include "tools/explain/stop_filter.h"
#include "tools/explain/unseen.h"

#define FOLLOW                                                              \
	(PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | \
	 PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC)

static const struct hint attach_hints[] = {
	{ EPERM, "root may look into it (sudo), if no other program does "
		 "already" },
	{ ESRCH, "there is no process with this number" },
	{ 0, NULL },
};

/* What the child says before it is the command; after it, nothing. */
struct answer {
	bool is_weak;     /* no program gets rights by setuid; it goes on */
	const char *what; /* the same in both, for one is the other's copy */
	const struct hint *hints;
	int error;
};

static int answers = -1; /* where they come from */

static void begin_answer(int to, const struct answer *answer)
{
	if (write(to, answer, sizeof(*answer)) != sizeof(*answer))
		_exit(EXIT_SETUP);
}

/* In the child: wait until it is traced, and become the command. */
static _Noreturn void begin_child(const struct order *order, const int gate[2],
				  int to, const sigset_t *usual)
{
	struct answer answer = {
		.what = "load the filter by which calls stop"
	};
	char byte;

	close(gate[1]); /* or who starts us could not end without us */
	if (read(gate[0], &byte, 1) != 1)
		_exit(EXIT_SETUP);
	sigprocmask(SIG_SETMASK, usual, NULL);
	if (stop_filter_load(&answer.is_weak) == 0) {
		if (answer.is_weak)
			begin_answer(to, &answer);
		answer = (struct answer){ 0 };
		answer.hints = program_execute(order->words);
	}
	answer.is_weak = false;
	answer.error = errno;
	begin_answer(to, &answer);
	_exit(127);
}

static int begin_seize(pid_t tid, unsigned long options)
{
	return (int)ptrace(PTRACE_SEIZE, tid, 0, options);
}

int begin_command(struct trace *trace, const sigset_t *usual)
{
	int gate[2], back[2];
	pid_t pid;

	if (pipe2(gate, O_CLOEXEC) < 0 || pipe2(back, O_CLOEXEC) < 0)
		return error_call(NULL, "make a pipe");
	pid = fork();
	if (pid == 0)
		begin_child(trace->order, gate, back[1], usual);
	CLEANUP_CLOSE int open_gate = gate[1];
	close(gate[0]);
	close(back[1]);
	answers = back[0];
	if (pid < 0)
		return error_call(NULL, "make a process");
	struct process *process = process_add(pid, NULL);
	if (!process || !task_add(pid, process))
		return -1;
	process->is_ours = true;
	trace->command = pid;
	if (begin_seize(pid,
			FOLLOW | PTRACE_O_TRACESECCOMP | PTRACE_O_EXITKILL) < 0)
		return error_call(attach_hints, "trace the command");
	if (write(open_gate, "", 1) != 1)
		return error_call(NULL, "start the command");
	return 0;
}

static const struct hint *begin_hints(const char *word)
{
	static const struct hint name_hints[] = {
		{ ENOENT, "no directory of PATH has a program of this name; "
			  "one elsewhere is given with its path: ./NAME" },
		{ 0, NULL },
	};
	static const struct hint path_hints[] = {
		{ ENOENT, "there is no such file" },
		{ 0, NULL },
	};
	static const struct hint file_hints[] = {
		{ ENOENT, "the file is there: its loader or its #! "
			  "interpreter is not" },
		{ 0, NULL },
	};

	return !strchr(word, '/')        ? name_hints
	       : access(word, F_OK) == 0 ? file_hints
					 : path_hints;
}

int begin_failed(const struct order *order)
{
	CLEANUP_CLOSE int from = answers;
	struct answer answer;

	answers = -1;
	do {
		if (read(from, &answer, sizeof(answer)) != sizeof(answer))
			return 0;
		if (answer.is_weak)
			unseen_note(UNSEEN_RIGHTS);
	} while (answer.is_weak);
	errno = answer.error;
	if (answer.what) {
		error_call(NULL, "%s", answer.what);
		return EXIT_SETUP;
	}
	error_call(answer.error == ENOENT ? begin_hints(order->words[0])
					  : answer.hints,
		   "execute %s", order->words[0]);
	return answer.error == ENOENT ? 127 : 126;
}

/* 1: it is joined; 0: it was already, or has ended. */
static int begin_attach_thread(struct process *process, pid_t tid)
{
	if (tid <= 0 || task_find(tid))
		return 0;
	if (begin_seize(tid, FOLLOW) < 0)
		return look_answer(-1);
	if (!task_add(tid, process))
		return -1;
	ptrace(PTRACE_INTERRUPT, tid, 0, 0);
	return 1;
}

/* How many are joined of those that the directory lists now. */
static int begin_attach_threads(struct process *process, DIR *threads)
{
	int more, joined, count = 0;
	struct dirent *entry;

	rewinddir(threads);
	while ((more = look_next(threads, &entry)) > 0) {
		joined = begin_attach_thread(
			process, (pid_t)strtol(entry->d_name, NULL, 10));
		if (joined < 0)
			return -1;
		count += joined;
	}
	return more < 0 ? -1 : count;
}

/* A thread that is not joined yet can make another one: until none is new. */
int begin_attach(struct trace *trace)
{
	pid_t pid = trace->order->attach;
	struct process *process = process_add(pid, NULL);
	char path[64];
	DIR *threads;
	int joined;

	if (!process)
		return -1;
	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	threads = opendir(path);
	if (!threads) {
		errno = ESRCH;
		return error_call(attach_hints, "join process %d", pid);
	}
	process->has_begun = process->is_ours = true;
	trace->is_stepped = true;
	unseen_note(UNSEEN_ATTACHED);
	do
		joined = begin_attach_threads(process, threads);
	while (joined > 0);
	if (joined < 0)
		error_call(attach_hints, "join process %d", pid);
	closedir(threads);
	return joined;
}

/* Who is not known yet has been stopped from its first moment on. */
static void begin_interrupt(struct task *task)
{
	ptrace(task->process ? PTRACE_INTERRUPT : PTRACE_DETACH, task->tid, 0,
	       0);
}

/* Only who is stopped can be left, so all are stopped once more. */
void begin_detach(void)
{
	int status, number;
	pid_t tid;

	task_each(begin_interrupt);
	while ((tid = waitpid(-1, &status, __WALL)) > 0) {
		if (!WIFSTOPPED(status))
			continue;
		number = status >> 16 || WSTOPSIG(status) == (SIGTRAP | 0x80)
				 ? 0
				 : WSTOPSIG(status);
		ptrace(PTRACE_DETACH, tid, 0, number);
	}
}
