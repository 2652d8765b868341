#include "tests/faults/traced.h"

#include <signal.h>
#include <string.h>

#include "tests/faults/calls.h"

static struct traced all[TRACED_MAX];
static pid_t early[TRACED_MAX];

struct traced *traced_find(pid_t pid)
{
	for (int i = 0; i < TRACED_MAX; i++)
		if (all[i].pid == pid)
			return &all[i];
	return NULL;
}

struct traced *traced_add(pid_t pid, const char *process)
{
	struct traced *p = traced_find(0);

	if (!p)
		return NULL;
	memset(p, 0, sizeof(*p));
	p->pid = pid;
	snprintf(p->process, sizeof(p->process), "%s", process);
	return p;
}

void traced_remove(struct traced *process)
{
	process->pid = 0;
}

bool traced_is_failing(void)
{
	for (int i = 0; i < TRACED_MAX; i++)
		if (all[i].pid && all[i].is_failing)
			return true;
	return false;
}

void traced_keep_early(pid_t pid)
{
	for (int i = 0; i < TRACED_MAX; i++)
		if (early[i] == 0 || early[i] == pid) {
			early[i] = pid;
			return;
		}
}

bool traced_was_early(pid_t pid)
{
	for (int i = 0; i < TRACED_MAX; i++)
		if (early[i] == pid) {
			early[i] = 0;
			return true;
		}
	return false;
}

/* "7 0x3 0x..." or "running": the call that a process is in. */
static const char *traced_call(pid_t pid)
{
	char path[64];
	long number = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/syscall", pid);
	file = fopen(path, "re");
	if (!file)
		return "?";
	if (fscanf(file, "%ld", &number) != 1)
		number = -1;
	fclose(file);
	return call_name(number);
}

void traced_kill(FILE *report)
{
	for (int i = 0; i < TRACED_MAX; i++)
		if (all[i].pid)
			fprintf(report, "%s in %s; ", all[i].process,
				traced_call(all[i].pid));
	for (int i = 0; i < TRACED_MAX; i++)
		if (all[i].pid && !all[i].is_attached)
			kill(all[i].pid, SIGKILL);
}
