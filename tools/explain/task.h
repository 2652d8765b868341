/*
 * Threads, which are what ptrace(2) knows.  The first of a process has its
 * number.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "tools/explain/call.h"

struct task {
	pid_t tid;
	struct process *process; /* NULL: its parent has not told of it yet */
	struct call call;
	bool is_in_call; /* its end is waited for */
	struct task *next;
};

struct task *task_find(pid_t tid);

/* One whose process is not known; NULL: there is none. */
struct task *task_find_lost(void);

/* NULL after a message. */
struct task *task_add(pid_t tid, struct process *process);
void task_remove(struct task *task);

/* Go on, until the next stop of this request: PTRACE_CONT, PTRACE_SYSCALL. */
void task_go(const struct task *task, int request, int signal_number);

/* Call it for each; how many there are. */
size_t task_each(void (*visit)(struct task *task));
