/*
 * The loop.  Signals are blocked and taken one by one: so none can come at a
 * wrong moment, and there is no handler.
 */
#include "tools/explain/trace.h"

#include <errno.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "habits/error.h"
#include "tools/explain/begin.h"
#include "tools/explain/events.h"

static void trace_kill(struct task *task)
{
	kill(task->tid, SIGKILL);
}

/* Does it end who does not care for it, and is it sent on purpose? */
static bool trace_is_end(int number)
{
	return number == SIGINT || number == SIGTERM || number == SIGHUP ||
	       number == SIGQUIT;
}

/* What concerns us alone. */
static bool trace_is_ours(int number)
{
	return number == SIGPIPE || number == SIGCONT || number == SIGTSTP ||
	       number == SIGTTIN || number == SIGTTOU;
}

/*
 * The terminal tells all in front of it; but that it hangs up it tells only
 * who leads the session.
 */
static bool trace_has_command_got(const siginfo_t *info)
{
	return info->si_code == SI_KERNEL &&
	       !(info->si_signo == SIGHUP && getsid(0) == getpid());
}

/*
 * A signal for the command.  What the terminal sends, the command has got itself;
 * what is sent to us alone is handed on.  Where the command has ended, but not
 * what it has left behind, that is ended.  Returns true to leave those that
 * were joined.
 */
static bool trace_asked(const struct trace *trace, const siginfo_t *info)
{
	if (trace_is_ours(info->si_signo))
		return false;
	if (trace->order->attach)
		return trace_is_end(info->si_signo);
	if (trace->command == 0 && trace_is_end(info->si_signo))
		task_each(trace_kill);
	else if (trace->command && !trace_has_command_got(info))
		kill(trace->command, info->si_signo);
	return false;
}

/* The command has ended; something that it has started goes on. */
static void trace_say_left(struct trace *trace)
{
	if (trace->order->attach || trace->command || trace->is_left_told)
		return;
	trace->is_left_told = true;
	error_note("the command has ended, what it has started has not, and "
		   "cannot do without us: Ctrl-C ends all");
}

/* Wait for a stop or an end.  0: nobody is left, or they are to be left. */
static pid_t trace_wait(struct trace *trace, const sigset_t *signals,
			int *status)
{
	static const struct timespec patience = { .tv_sec = 2 };
	siginfo_t info;
	pid_t tid;

	for (;;) {
		tid = waitpid(-1, status, __WALL | WNOHANG);
		if (tid != 0)
			return tid > 0 ? tid : 0;
		if (sigtimedwait(signals, &info, &patience) < 0) {
			events_adopt(trace);
			trace_say_left(trace);
			continue;
		}
		if (info.si_signo != SIGCHLD && trace_asked(trace, &info)) {
			begin_detach();
			return 0;
		}
	}
}

static void trace_follow(struct trace *trace, const sigset_t *signals)
{
	struct task *task;
	int status;
	pid_t tid;

	while ((tid = trace_wait(trace, signals, &status)) > 0) {
		task = task_find(tid);
		if (!WIFSTOPPED(status)) {
			if (task)
				events_end(trace, task, status);
		} else if (!task) {
			task_add(tid, NULL); /* its parent will tell of it */
		} else if (task->process) {
			events_stop(trace, task, status);
		}
	}
}

int trace_run(const struct order *order, struct story *story)
{
	struct trace trace = { .order = order, .story = story };
	sigset_t signals, usual;
	int status;

	sigfillset(&signals);
	sigprocmask(SIG_BLOCK, &signals, &usual);
	status = order->attach ? begin_attach(&trace)
			       : begin_command(&trace, &usual);
	if (status == 0)
		trace_follow(&trace, &signals);
	if (status == 0 && !order->attach) {
		status = begin_failed(order);
		if (status > 0)
			story->status = status;
	}
	return status == 0 ? 0 : -1;
}
