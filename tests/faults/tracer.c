/*
 * The tracer is a process of its own: when it ends, the kernel lets go of all
 * that it traces, wherever they are.
 */
#include "tests/faults/tracer.h"

#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/faults/stops.h"

#define OPTIONS                                                             \
	(PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | \
	 PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC)

static volatile sig_atomic_t is_late;

static void tracer_late(int signal_number)
{
	(void)signal_number;
	is_late = 1;
}

/* In the child: wait until it is traced, and become the program. */
static void tracer_program(const struct order *order, const int gate[2])
{
	char byte;

	close(gate[1]);
	if (read(gate[0], &byte, 1) != 1 || dup2(order->in, 0) < 0 ||
	    dup2(order->out, 1) < 0 || dup2(order->err, 2) < 0)
		_exit(127);
	execv(order->words[0], (char *const *)order->words);
	_exit(127);
}

static int tracer_attach(pid_t pid, const char *process, bool is_attached)
{
	struct traced *p;

	if (ptrace(PTRACE_SEIZE, pid, 0, OPTIONS) < 0 ||
	    ptrace(PTRACE_INTERRUPT, pid, 0, 0) < 0)
		return -1;
	p = traced_add(pid, process);
	p->is_attached = is_attached;
	p->has_begun = is_attached;
	return 0;
}

/*
 * Until the program ends, and a call that is failing has failed; its status as
 * waitpid(2) says it, or -1.
 */
static int tracer_follow(struct stops *stops, pid_t program)
{
	int status, ended = -1;
	struct traced *p;
	pid_t pid;

	while (!is_late) {
		pid = waitpid(-1, &status, __WALL);
		if (pid < 0 && errno == EINTR)
			continue;
		if (pid < 0)
			return ended;
		p = traced_find(pid);
		if (WIFSTOPPED(status)) {
			if (p)
				stops_handle(stops, p, status);
			else
				traced_keep_early(pid);
			if (ended != -1 && !traced_is_failing())
				return ended;
			continue;
		}
		stops_ended(stops, status);
		if (p)
			traced_remove(p);
		if (pid == program)
			ended = status;
		if (ended != -1 && !traced_is_failing())
			return ended;
	}
	return ended;
}

static void tracer_hangs(struct outcome *outcome)
{
	FILE *report =
		fmemopen(outcome->waiting, sizeof(outcome->waiting), "w");

	traced_kill(report);
	fclose(report);
	outcome->status = -1;
}

/* And again each second: the first can come before a wait that has no end. */
static void tracer_set_alarm(int seconds)
{
	struct sigaction late = { .sa_handler = tracer_late };
	struct itimerval timer = { .it_value.tv_sec = seconds,
				   .it_interval.tv_sec = 1 };

	sigaction(SIGALRM, &late, NULL);
	setitimer(ITIMER_REAL, &timer, NULL);
}

/* In the process that traces. */
static int tracer_trace(const struct order *order, struct outcome *outcome)
{
	struct stops stops = { .order = order, .outcome = outcome };
	int gate[2], status;
	pid_t program;

	if (pipe(gate) < 0)
		return -1;
	program = fork();
	if (program == 0)
		tracer_program(order, gate);
	close(gate[0]);
	if (program < 0 || stops_begin(&stops, program) < 0 ||
	    tracer_attach(program, "0", false) < 0 ||
	    (order->attached && tracer_attach(order->attached, "a", true) < 0))
		return -1;
	tracer_set_alarm(order->seconds);
	if (write(gate[1], "", 1) != 1)
		return -1;
	status = tracer_follow(&stops, program);
	stops_end(&stops);
	if (status == -1)
		tracer_hangs(outcome);
	else
		outcome->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status)
						      : WEXITSTATUS(status);
	return 0;
}

int tracer_run(const struct order *order, struct outcome *outcome)
{
	struct outcome *shared =
		mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status = -1;
	pid_t tracer;

	if (shared == MAP_FAILED)
		return -1;
	tracer = fork();
	if (tracer == 0) {
		if (tracer_trace(order, shared) < 0)
			err(1, "the tracer of %s", order->program);
		_exit(0);
	}
	if (tracer > 0)
		waitpid(tracer, &status, 0);
	*outcome = *shared;
	munmap(shared, sizeof(*shared));
	if (status == 0)
		return 0;
	warnx("the tracer ended with %s %d",
	      WIFSIGNALED(status) ? "signal" : "status",
	      WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	return -1;
}
