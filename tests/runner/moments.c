#include "tests/runner/moments.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/runner/helpers.h"
#include "tests/runner/judged.h"

#define SYSCALL_STOP (SIGTRAP | 0x80)

/*
 * In a process of its own, because a program that waits for its child would
 * keep us waiting for its next system call: kill it when the container is
 * ready.  The output's end means that nobody is left who holds it.
 */
static pid_t start_watcher(const struct running *program)
{
	int pidfd = (int)syscall(SYS_pidfd_open, program->pid, 0);
	pid_t watcher = fork();
	char line[6] = "";

	ck_assert_int_ge(pidfd, 0);
	ck_assert_int_ge(watcher, 0);
	if (watcher > 0) {
		close(pidfd);
		return watcher;
	}
	close(program->in);
	while (read(program->out, &line[4], 1) == 1) {
		if (memcmp(line, "read", 4) == 0 && line[4] == 'y')
			syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0);
		memmove(line, line + 1, 4);
	}
	_exit(0);
}

/* Let it make one more system call.  False: it has ended. */
static bool next_call(pid_t pid)
{
	int status, signal = 0, stops = 0;

	while (stops <
	       2) { /* the exit of the last one, the entry of the next */
		if (ptrace(PTRACE_SYSCALL, pid, NULL, (void *)(long)signal) < 0)
			signal = 0;
		if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
			return false;
		signal = WSTOPSIG(status);
		if (signal == SIGTRAP)
			signal = 0; /* it has executed a program: itself */
		if (signal != SYSCALL_STOP)
			continue;
		signal = 0;
		stops++;
	}
	return true;
}

/* Run it up to the given system call, and kill it there. */
static bool kill_program(const struct running *program, int moment)
{
	bool is_alive = true;
	int status;

	ck_assert_int_eq(waitpid(program->pid, &status, 0), program->pid);
	ck_assert_msg(WIFSTOPPED(status), "the program cannot be traced");
	ptrace(PTRACE_SETOPTIONS, program->pid, NULL,
	       (void *)(PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD));
	for (int i = 0; is_alive && i < moment; i++)
		is_alive = next_call(program->pid);
	if (is_alive) {
		kill(program->pid, SIGKILL);
		waitpid(program->pid, &status, 0);
	}
	return is_alive;
}

static void close_program(const struct running *program)
{
	close(program->in);
	close(program->out);
	close(program->err);
}

/* One life, up to the given system call.  False: it was over before. */
static bool kill_at(const char *const words[], int moment)
{
	static const struct manner traced = { .traced = true };
	struct running program = start(&traced, words);
	pid_t watcher = start_watcher(&program);
	bool is_alive = kill_program(&program, moment);
	int status;

	waitpid(watcher, &status, 0);
	close_program(&program);
	return is_alive;
}

bool killed_at(const char *const words[], int moment)
{
	static const struct manner traced = { .traced = true };
	struct running program = start(&traced, words);
	bool is_alive = kill_program(&program, moment);

	close_program(&program);
	return is_alive;
}

int dies_at_every_moment(const char *const words[])
{
	int moment = 1;

	/* Of somebody's program samples: an interpreter makes 2000 calls. */
	while (kill_at(words, moment))
		moment += judged() ? moment / 10 + 1 : 1;
	RUN("true"); /* the next run removes what a killed one cannot */
	return moment;
}
