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
	if (parent)
		memcpy(process->old_root, parent->old_root, NAME_SIZE);
	for (int i = 0; i < RECENT_MAX; i++)
		process->recent[i] = -1;
	for (int i = 0; parent && i < parent->named_count; i++)
		process_name(process, parent->named[i].fd,
			     parent->named[i].text);
	process->next = processes;
	processes = process;
	return process;
}

void process_read_name(struct process *process)
{
	char path[64], name[NAME_SIZE];
	ssize_t length;

	snprintf(path, sizeof(path), "/proc/%d/comm", process->pid);
	CLEANUP_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	length = read(fd, name, sizeof(name) - 1);
	if (length <= 0)
		return;
	name[length] = '\0';
	name[strcspn(name, "\n")] = '\0';
	text_clean(name);
	memcpy(process->name, name, sizeof(name));
}

/* Line by line: one that lists the groups can be of any length. */
int process_status(pid_t tid, const char *name, char value[STATUS_SIZE])
{
	size_t room = 0, length = strlen(name);
	char path[64], *line = NULL;
	bool is_found = false;
	FILE *status;

	snprintf(path, sizeof(path), "/proc/%d/status", tid);
	status = fopen(path, "re");
	if (!status)
		return -1;
	while (!is_found && getline(&line, &room, status) > 0)
		is_found = strncmp(line, name, length) == 0 &&
			   strncmp(line + length, ":\t", 2) == 0;
	if (is_found)
		snprintf(value, STATUS_SIZE, "%s", line + length + 2);
	free(line);
	fclose(status);
	return is_found ? 0 : -1;
}

int process_read_numbers(pid_t tid, pid_t *pid, pid_t *inside)
{
	char group[STATUS_SIZE], numbers[STATUS_SIZE];
	const char *last;

	if (process_status(tid, "Tgid", group) < 0 ||
	    process_status(tid, "NStgid", numbers) < 0)
		return -1;
	*pid = (pid_t)strtol(group, NULL, 10);
	last = strrchr(numbers, '\t');
	*inside = last ? (pid_t)strtol(last, NULL, 10) : 0;
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

void process_forget_names(struct process *process)
{
	free(process->named);
	process->named = NULL;
	process->named_count = 0;
}

void process_free_all(void)
{
	while (processes) {
		struct process *process = processes;

		processes = process->next;
		process_forget_names(process);
		free(process);
	}
}
