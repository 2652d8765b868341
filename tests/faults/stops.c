#include "tests/faults/stops.h"

#include <errno.h>
#include <linux/types.h>
#include <signal.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/faults/calls.h"
#include "tests/faults/registers.h"

#define STOP_CALL (SIGTRAP | 0x80)

int stops_begin(struct stops *stops, pid_t first)
{
	const struct order *order = stops->order;

	stops->first = first;
	stops->begin = begin_of(order->program);
	stops->list = order->list < 0 ? NULL : fdopen(dup(order->list), "w");
	return stat(order->program, &stops->program);
}

void stops_end(struct stops *stops)
{
	if (stops->list)
		fclose(stops->list);
}

/* Once it has happened, only the end of each matters. */
static void stops_go_on(const struct stops *stops, struct traced *p,
			int signal_number)
{
	bool is_over = stops->outcome->is_hit && !p->is_failing;

	ptrace(is_over ? PTRACE_CONT : PTRACE_SYSCALL, p->pid, 0,
	       signal_number);
}

/* Text in that process's memory, in one piece and printable. */
static void stops_text(pid_t pid, unsigned long address, size_t length,
		       char *text, size_t size)
{
	size_t page = 4096 - (address & 4095);
	struct iovec to = { text, size - 1 }, from = { (void *)address, 0 };
	ssize_t got;

	to.iov_len = length < size - 1 ? length : size - 1;
	from.iov_len = to.iov_len;
	got = process_vm_readv(pid, &to, 1, &from, 1, 0);
	if (got < 0 && page < to.iov_len) {
		to.iov_len = from.iov_len = page;
		got = process_vm_readv(pid, &to, 1, &from, 1, 0);
	}
	text[got > 0 ? got : 0] = '\0';
	for (char *c = text; *c; c++)
		if (*c < ' ' || *c > '~')
			*c = '.';
}

/* "openat(0xffffff9c, 0x7ffe..., 0x80000) /proc/self/fd" */
static void stops_describe(const struct traced *p, const struct call *call,
			   long number, const __u64 *words, char what[256])
{
	bool is_bytes = strstr(call->name, "write") ||
			strcmp(call->name, "sendto") == 0;
	char text[128] = "";

	if (call->text >= 0)
		stops_text(p->pid, (unsigned long)words[call->text],
			   is_bytes ? (size_t)words[2] : sizeof(text), text,
			   sizeof(text));
	snprintf(what, 256, "%s(%llx, %llx, %llx)%s%s", call_name(number),
		 words[0], words[1], words[2], text[0] ? " " : "", text);
}

/* The call that was asked for: make it fail. */
static void stops_hit(struct stops *stops, struct traced *p, long number,
		      const __u64 *words)
{
	const struct fault *fault = stops->order->fault;
	struct outcome *outcome = stops->outcome;
	const char *name = call_name(number);

	outcome->is_hit = true;
	outcome->has_begun = p->has_begun;
	outcome->is_message =
		strncmp(name, "write", 5) == 0 && words[0] == STDERR_FILENO;
	if (fault->is_killed) {
		kill(p->pid, SIGKILL);
		return;
	}
	p->is_failing = true;
	if (!fault->happens)
		registers_skip_call(p->pid);
}

static void stops_entry(struct stops *stops, struct traced *p, long number,
			const __u64 *words)
{
	const struct fault *fault = stops->order->fault;
	const struct call *call = call_find(number);
	char what[256];

	if (!call || number >= CALL_MAX)
		return;
	p->count[number]++;
	if (stops->list) {
		stops_describe(p, call, number, words, what);
		fprintf(stops->list, "%s %ld %d %d %s\n", p->process, number,
			p->count[number], p->has_begun, what);
	}
	if (!fault || stops->outcome->is_hit || fault->number != number ||
	    fault->nth != p->count[number] ||
	    strcmp(fault->process, p->process) != 0)
		return;
	stops_describe(p, call, number, words, stops->outcome->what);
	stops_hit(stops, p, number, words);
}

/* ERESTARTSYS, ERESTARTNOINTR and ERESTARTNOHAND: only a tracer sees them. */
static bool stops_is_restart(long long result)
{
	return result <= -512 && result >= -514;
}

/*
 * What the kernel makes again, after a signal or when a lock of its own was
 * taken, is one call to the program: how often is the machine's affair.
 */
static void stops_call(struct stops *stops, struct traced *p)
{
	struct __ptrace_syscall_info info;
	long number;

	if (!stops->is_counting ||
	    ptrace(PTRACE_GET_SYSCALL_INFO, p->pid, sizeof(info), &info) <= 0)
		return;
	if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
		number = (long)info.entry.nr;
		if (!p->is_again || number != p->number)
			stops_entry(stops, p, number,
				    (const __u64 *)info.entry.args);
		p->number = number;
		return;
	}
	p->is_again = !p->is_failing && stops_is_restart(info.exit.rval);
	if (p->is_failing) {
		p->is_failing = false;
		registers_set_result(p->pid, -stops->order->fault->error);
	}
}

/* A child, with its name; it may be stopped already. */
static void stops_born(struct stops *stops, struct traced *parent)
{
	char process[PROCESS_MAX];
	struct traced *child;
	unsigned long pid = 0;

	ptrace(PTRACE_GETEVENTMSG, parent->pid, 0, &pid);
	snprintf(process, sizeof(process), "%.40s.%d", parent->process,
		 parent->children++);
	child = traced_add((pid_t)pid, process);
	if (!child)
		return;
	child->has_begun = parent->has_begun;
	if (traced_was_early(child->pid)) {
		child->has_started = true;
		stops_go_on(stops, child, 0);
	}
}

/* The program itself, or the copy of it that it makes in memory? */
static bool stops_is_program(const struct stops *stops, pid_t pid)
{
	const struct stat *program = &stops->program;
	struct stat now;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/exe", pid);
	if (stat(path, &now) < 0)
		return false;
	return (now.st_dev == program->st_dev &&
		now.st_ino == program->st_ino) ||
	       now.st_size == program->st_size;
}

/* False: it is no longer traced. */
static bool stops_executed(struct stops *stops, struct traced *p)
{
	if (p->pid == stops->first)
		stops->is_counting = true;
	if (!stops_is_program(stops, p->pid)) {
		ptrace(PTRACE_DETACH, p->pid, 0, 0);
		traced_remove(p);
		return false;
	}
	p->trap = begin_plant(&stops->begin, p->pid, &p->instead);
	p->has_begun = !p->trap;
	return true;
}

/* A signal, or a stop of all of a process by one. */
static void stops_signal(struct stops *stops, struct traced *p, int event,
			 int number)
{
	if (event == PTRACE_EVENT_STOP && p->has_started &&
	    (number == SIGSTOP || number == SIGTSTP || number == SIGTTIN ||
	     number == SIGTTOU)) {
		ptrace(PTRACE_LISTEN, p->pid, 0, 0);
		return;
	}
	if (event == PTRACE_EVENT_STOP)
		p->has_started = true;
	if (event == 0 && number == SIGTRAP && p->trap) {
		begin_remove(p->pid, p->trap, p->instead);
		p->has_begun = true;
		p->trap = 0;
		number = 0;
	}
	stops_go_on(stops, p, event ? 0 : number);
}

void stops_handle(struct stops *stops, struct traced *p, int status)
{
	int event = status >> 16;

	if (event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_VFORK ||
	    event == PTRACE_EVENT_CLONE) {
		stops_born(stops, p);
		stops_go_on(stops, p, 0);
	} else if (event == PTRACE_EVENT_EXEC) {
		if (stops_executed(stops, p))
			stops_go_on(stops, p, 0);
	} else if (event == 0 && WSTOPSIG(status) == STOP_CALL) {
		stops_call(stops, p);
		stops_go_on(stops, p, 0);
	} else {
		stops_signal(stops, p, event, WSTOPSIG(status));
	}
}

void stops_ended(struct stops *stops, int status)
{
	static const int own[] = { SIGILL, SIGABRT, SIGBUS,
				   SIGFPE, SIGSEGV, SIGSYS };

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (WIFSIGNALED(status) && WTERMSIG(status) == own[i])
			stops->outcome->crash = own[i];
}
