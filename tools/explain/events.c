/*
 * A call that matters stops twice: at its entry, where its arguments are as the
 * kernel will take them, and at its end.  Between the two a new process may
 * begin, or the program become another one: these are stops of their own.
 */
#include "tools/explain/events.h"

#include <elf.h>
#include <errno.h>
#include <linux/sched.h>
#include <linux/types.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "09-seccomp/compile.h"
#include "tools/explain/calls.h"
#include "tools/explain/raw.h"
#include "tools/explain/refuse.h"
#include "tools/explain/stop_filter.h"
#include "tools/explain/unseen.h"

#define STOP_CALL (SIGTRAP | 0x80)

/*
 * ERESTARTSYS and the like of the kernel: a signal came before anything was
 * done.  The program never sees them: the call is made again, or was in vain.
 */
#define RESTART_FIRST 512
#define RESTART_LAST  516

static int events_request(const struct trace *trace, const struct task *task)
{
	return task->is_in_call || trace->is_stepped ? PTRACE_SYSCALL
						     : PTRACE_CONT;
}

/* At its entry; until the command is run there is only execve. */
static void events_enter(struct trace *trace, struct task *task, uint32_t arch,
			 uint64_t number, const __u64 *arguments)
{
	const struct call_row *row = call_row(number);
	struct call *call = &task->call;

	task->is_in_call = false;
	if (!row || arch != COMPILE_ARCH ||
	    (!task->process->has_begun && row->begin != tell_exec))
		return;
	*call = (struct call){ .tid = task->tid,
			       .process = task->process,
			       .row = row };
	call->step.process = task->process;
	call->step.call = row->name;
	for (int i = 0; i < 6; i++)
		call->argument[i] = arguments[i];
	if (trace->order->calls)
		raw_keep(call);
	row->begin(call);
	task->is_in_call = call->step.kind[0] || trace->order->calls;
}

/* It has ended, or has done what matters. */
static void events_leave(struct trace *trace, struct task *task, int64_t result)
{
	struct call *call = &task->call;

	task->is_in_call = false;
	if (result <= -RESTART_FIRST && result >= -RESTART_LAST)
		return;
	call->result = result;
	call->step.error = result < 0 ? (int)-result : 0;
	if (call->row->end)
		call->row->end(call);
	if (trace->order->calls && call->process->has_begun)
		raw_print(trace->order->calls, call);
	if (!call->step.kind[0] || !call->process->has_begun)
		return;
	if (call->root[0] && result >= 0)
		story_add_root(trace->story, call->root);
	story_add(trace->story, &call->step);
}

static void events_call(struct trace *trace, struct task *task)
{
	struct __ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, task->tid, sizeof(info), &info) <=
	    0)
		return;
	if (info.op == PTRACE_SYSCALL_INFO_SECCOMP &&
	    info.seccomp.ret_data != STOP_FILTER_DATA)
		refuse_call(task->tid);
	else if (info.op == PTRACE_SYSCALL_INFO_SECCOMP)
		events_enter(trace, task, info.arch, info.seccomp.nr,
			     (const __u64 *)info.seccomp.args);
	else if (info.op == PTRACE_SYSCALL_INFO_ENTRY)
		events_enter(trace, task, info.arch, info.entry.nr,
			     (const __u64 *)info.entry.args);
	else if (info.op == PTRACE_SYSCALL_INFO_EXIT && task->is_in_call)
		events_leave(trace, task, info.exit.rval);
}

/* A child by fork or vfork has no call that we stop at. */
static void events_tell_child(struct trace *trace, struct task *task,
			      struct process *child, int event)
{
	struct step step = { .process = task->process, .child = child };

	if (task->is_in_call) {
		task->call.step.child = child;
		events_leave(trace, task, child->pid);
		return;
	}
	if (!task->process->has_begun)
		return;
	step.call = event == PTRACE_EVENT_FORK    ? "fork"
		    : event == PTRACE_EVENT_VFORK ? "vfork"
						  : "clone";
	step_is(&step, "fork");
	story_add(trace->story, &step);
}

/* Its process, which its parent has not told of and never will. */
static struct process *events_find(pid_t tid)
{
	struct process *process;
	pid_t pid, inside = 0;
	struct task *first;

	if (process_read_numbers(tid, &pid, &inside) < 0)
		pid = tid;
	first = pid != tid ? task_find(pid) : NULL;
	if (first && first->process)
		return first->process;
	process = process_add(pid, NULL);
	if (process) {
		process->inside = inside;
		process->has_begun = true;
	}
	return process;
}

void events_adopt(struct trace *trace)
{
	struct task *task;

	while ((task = task_find_lost()) &&
	       (task->process = events_find(task->tid)))
		task_go(task, events_request(trace, task), 0);
}

/*
 * A thread or a process; its own first stop may have been there before, and
 * its end, too.
 */
static void events_born(struct trace *trace, struct task *parent, int event)
{
	struct process *process = parent->process;
	unsigned long message = 0;
	pid_t pid, inside;
	struct task *child;
	bool is_gone;
	pid_t tid;

	ptrace(PTRACE_GETEVENTMSG, parent->tid, 0, &message);
	tid = (pid_t)message;
	child = task_find(tid);
	if (child && child->process)
		return; /* it was taken for one that nobody tells of */
	is_gone = process_read_numbers(tid, &pid, &inside) < 0;
	if (is_gone) {
		pid = tid;
		inside = 0;
	}
	if (pid != process->pid) {
		process = process_add(pid, parent->process);
		if (!process)
			return;
		process->inside = inside;
		events_tell_child(trace, parent, process, event);
	}
	if (!child && !is_gone)
		task_add(tid, process);
	if (!child)
		return;
	child->process = process;
	task_go(child, events_request(trace, child), 0);
}

/* Which thread it was that became the program: all others have ended. */
static void events_exec(struct trace *trace, struct task *task)
{
	struct __ptrace_syscall_info info = { 0 };
	struct process *process = task->process;
	unsigned long former = 0;
	struct task *other;

	ptrace(PTRACE_GETEVENTMSG, task->tid, 0, &former);
	other = (pid_t)former != task->tid ? task_find((pid_t)former) : NULL;
	if (other) {
		task->call = other->call;
		task->is_in_call = other->is_in_call;
		task_remove(other);
	}
	process->has_begun = true;
	ptrace(PTRACE_GET_SYSCALL_INFO, task->tid, sizeof(info), &info);
	process->is_ours = info.arch == COMPILE_ARCH;
	if (!process->is_ours) {
		unseen_note(UNSEEN_OTHER);
		step_words(&task->call.step, "(its calls are not seen)");
	}
	if (task->is_in_call)
		events_leave(trace, task, 0);
}

/*
 * By the terminal, Ctrl-Z: whoever waits for us has to see us stop as well.
 * By anybody else: it is not our business.
 */
static void events_stopped(struct task *task, int number)
{
	sigset_t stop;

	ptrace(PTRACE_LISTEN, task->tid, 0, 0);
	if (task->process->is_stopped_by_terminal && !task->process->parent) {
		task->process->is_stopped_by_terminal = false;
		sigemptyset(&stop);
		sigaddset(&stop, number);
		raise(number);
		sigprocmask(SIG_UNBLOCK, &stop, NULL);
		sigprocmask(SIG_BLOCK, &stop, NULL);
	}
}

/* A signal, which is handed on. */
static void events_signal(struct trace *trace, struct task *task, int number)
{
	siginfo_t info;

	if ((number == SIGTSTP || number == SIGTTIN || number == SIGTTOU) &&
	    ptrace(PTRACE_GETSIGINFO, task->tid, 0, &info) == 0)
		task->process->is_stopped_by_terminal =
			info.si_code == SI_KERNEL;
	task_go(task, events_request(trace, task), number);
}

void events_stop(struct trace *trace, struct task *task, int status)
{
	int event = status >> 16, number = WSTOPSIG(status);

	if (event == PTRACE_EVENT_STOP && number != SIGTRAP) {
		events_stopped(task, number);
		return;
	}
	if (event == 0 && number != STOP_CALL) {
		events_signal(trace, task, number);
		return;
	}
	switch (event) {
	case PTRACE_EVENT_FORK:
	case PTRACE_EVENT_VFORK:
	case PTRACE_EVENT_CLONE:
		events_born(trace, task, event);
		break;
	case PTRACE_EVENT_EXEC:
		events_exec(trace, task);
		break;
	case PTRACE_EVENT_STOP:
		break;
	default: /* PTRACE_EVENT_SECCOMP, or of no event: a call */
		events_call(trace, task);
	}
	task_go(task, events_request(trace, task), 0);
}

/* How a process has ended, if that is worth a word. */
static void events_tell_end(struct trace *trace, struct process *process,
			    int status)
{
	struct step step = { .process = process,
			     .call = "exit",
			     .is_last = true };

	if (process->inside == 1)
		step_is(&step, "pid.end");
	else if (WIFSIGNALED(status))
		step_is(&step, "killed");
	else if (WEXITSTATUS(status) != 0)
		step_is(&step, "exit");
	else
		return;
	if (WIFSIGNALED(status)) {
		step.call = "killed";
		step_what(&step, "SIG%s", sigabbrev_np(WTERMSIG(status)));
	} else {
		step_what(&step, "status %d", WEXITSTATUS(status));
	}
	story_add(trace->story, &step);
}

void events_end(struct trace *trace, struct task *task, int status)
{
	struct process *process = task->process;

	if (process && task->tid == process->pid) {
		if (process->has_begun)
			events_tell_end(trace, process, status);
		if (task->tid == trace->command) {
			trace->command = 0;
			trace->story->status = WIFSIGNALED(status)
						       ? 128 + WTERMSIG(status)
						       : WEXITSTATUS(status);
		}
		process_forget_names(process);
	}
	task_remove(task);
}
