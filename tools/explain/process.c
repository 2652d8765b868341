/*
 * What /proc says of a process: its name, which it may change, and the numbers
 * that it has.  A process in a PID namespace has one in each namespace up to
 * the first: NStgid lists them, ours first, its own last.
 *
 * None is forgotten before the story is told, for steps point to it.
 */
#include "tools/explain/process.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "tools/explain/text.h"

static struct process *processes; /* all of them, the newest first */

struct process *process_add(pid_t pid, struct process *parent)
{
	struct process *process = calloc(1, sizeof(*process));

	if (!process) {
		error_call(NULL, "note a process");
		return NULL;
	}
	process->pid = pid;
	process->parent = parent;
	process->is_ours = !parent || parent->is_ours;
	process->has_begun = parent && parent->has_begun;
	for (int i = 0; i < RECENT_MAX; i++)
		process->recent[i] = -1;
	for (int i = 0; parent && i < parent->named_count; i++)
		process_name(process, parent->named[i].fd,
			     parent->named[i].text);
	process->next = processes;
	processes = process;
	return process;
}

static ssize_t process_read_file(pid_t pid, const char *file, char *text,
				 size_t size)
{
	char path[64];
	ssize_t length;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
	CLEANUP_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	length = read(fd, text, size - 1);
	text[length > 0 ? length : 0] = '\0';
	return length;
}

void process_read_name(struct process *process)
{
	char name[NAME_SIZE];

	if (process_read_file(process->pid, "comm", name, sizeof(name)) <= 0)
		return;
	name[strcspn(name, "\n")] = '\0';
	text_clean(name);
	memcpy(process->name, name, sizeof(name));
}

int process_read_status(pid_t tid, pid_t *pid, pid_t *inside)
{
	char text[4096];
	const char *group, *numbers, *last;

	if (process_read_file(tid, "status", text, sizeof(text)) <= 0)
		return -1;
	group = strstr(text, "\nTgid:\t");
	numbers = strstr(text, "\nNStgid:\t");
	if (!group || !numbers)
		return -1;
	*pid = (pid_t)strtol(group + 7, NULL, 10);
	numbers += 9;
	last = numbers;
	for (const char *c = numbers; *c && *c != '\n'; c++)
		if (*c == '\t')
			last = c + 1;
	*inside = last == numbers ? 0 : (pid_t)strtol(last, NULL, 10);
	return 0;
}

const char *process_named(const struct process *process, int fd)
{
	for (int i = 0; i < process->named_count; i++)
		if (process->named[i].fd == fd)
			return process->named[i].text;
	return "";
}

/* The oldest is forgotten, where there are too many. */
void process_name(struct process *process, int fd, const char *text)
{
	int i = 0;

	if (!process->named)
		process->named = calloc(NAMED_MAX, sizeof(*process->named));
	if (!process->named)
		return;
	while (i < process->named_count && process->named[i].fd != fd)
		i++;
	if (i == NAMED_MAX) {
		memmove(process->named, process->named + 1,
			(NAMED_MAX - 1) * sizeof(*process->named));
		i--;
	} else if (i == process->named_count) {
		process->named_count++;
	}
	process->named[i].fd = fd;
	snprintf(process->named[i].text, NAMED_SIZE, "%s", text);
}

void process_free_all(void)
{
	while (processes) {
		struct process *process = processes;

		processes = process->next;
		free(process->named);
		free(process);
	}
}
