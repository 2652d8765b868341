/*
 * A thread stops alone, and goes on alone: the others of its process run
 * meanwhile.  By its number it is found at each stop, so there is a table.
 */
#include "tools/explain/task.h"

#include <stdlib.h>
#include <sys/ptrace.h>

#include "habits/error.h"

#define BUCKETS 256

static struct task *buckets[BUCKETS];

struct task *task_find(pid_t tid)
{
	struct task *task = buckets[tid % BUCKETS];

	while (task && task->tid != tid)
		task = task->next;
	return task;
}

struct task *task_find_lost(void)
{
	for (int i = 0; i < BUCKETS; i++)
		for (struct task *task = buckets[i]; task; task = task->next)
			if (!task->process)
				return task;
	return NULL;
}

struct task *task_add(pid_t tid, struct process *process)
{
	struct task *task = calloc(1, sizeof(*task));

	if (!task) {
		error_call(NULL, "note a thread");
		return NULL;
	}
	task->tid = tid;
	task->process = process;
	task->next = buckets[tid % BUCKETS];
	buckets[tid % BUCKETS] = task;
	return task;
}

void task_remove(struct task *task)
{
	struct task **at = &buckets[task->tid % BUCKETS];

	while (*at != task)
		at = &(*at)->next;
	*at = task->next;
	free(task);
}

/* It may have been killed meanwhile: then its end is what is seen next. */
void task_go(const struct task *task, int request, int signal_number)
{
	ptrace((enum __ptrace_request)request, task->tid, NULL,
	       (void *)(long)signal_number);
}

size_t task_each(void (*visit)(struct task *task))
{
	size_t count = 0;

	for (int i = 0; i < BUCKETS; i++)
		for (struct task *task = buckets[i], *next; task; task = next) {
			next = task->next;
			count++;
			if (visit)
				visit(task);
		}
	return count;
}
