/*
 * Three calls to systemd's manager: make a scope, change it, end it.
 *
 * StartTransientUnit queues a job and returns; the process is in its group
 * when the job is done.  The interface is described in
 * org.freedesktop.systemd1(5).
 */
#include "10-full-container/scope.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "01-uts/cleanup.h"
#include "01-uts/error.h"
#include "10-full-container/systemd.h"

#define SCOPE_MANAGER                                                    \
	"call", "org.freedesktop.systemd1", "/org/freedesktop/systemd1", \
		"org.freedesktop.systemd1.Manager"

/* One line of what a tool printed, without "Call failed: ". */
static const char *scope_reason(char *text)
{
	static const char before[] = "Call failed: ";

	text[strcspn(text, "\n")] = '\0';
	if (strncmp(text, before, strlen(before)) == 0)
		text += strlen(before);
	return text[0] ? text : "no reason was given";
}

/* The words of a method call: its name, the types, the arguments. */
static void scope_begin_call(struct properties *call, const char *method,
			     const char *types)
{
	static const char *const manager[] = { SCOPE_MANAGER };

	for (size_t i = 0; i < sizeof(manager) / sizeof(manager[0]); i++)
		properties_word(call, "%s", manager[i]);
	properties_word(call, "%s", method);
	properties_word(call, "%s", types);
}

/* An array of properties: their number, and each. */
static void scope_add_array(struct properties *call,
			    const struct properties *array)
{
	properties_word(call, "%zu", array->number);
	for (size_t i = 0; i < array->count; i++)
		properties_word(call, "%s", array->words[i]);
	call->is_incomplete |= array->is_incomplete;
}

/* What busctl prints after a failure is systemd's own sentence. */
static int scope_call(const struct properties *call, const char *what,
		      const char *unit)
{
	CLEANUP_FREE char *text = NULL;
	int status;

	if (call->is_incomplete)
		return error_call(NULL, "%s %s", what, unit);
	status = systemd_run("busctl", (const char *const *)call->words, &text);
	if (status > 0)
		error_input("see journalctl, and systemctl status for the unit",
			    "%s %s: systemd says: %s", what, unit,
			    scope_reason(text));
	return status == 0 ? 0 : -1;
}

/*
 * Delegate: what is below the scope's group is ours, and systemd leaves it
 * alone.  DefaultDependencies: or it would be stopped at the very beginning
 * of a shutdown, before the engine is.  CollectMode: of a scope that fails
 * nothing is kept, or the name would be taken until it is reset.
 */
static void scope_describe(struct properties *p, const char *unit,
			   const char *slice, pid_t pid)
{
	properties_add(p, "Description", "s", "container %s", unit);
	if (slice)
		properties_add(p, "Slice", "s", "%s", slice);
	properties_add(p, "Delegate", "b", "true");
	properties_add(p, "DefaultDependencies", "b", "false");
	properties_add(p, "CollectMode", "s", "inactive-or-failed");
	properties_add(p, "PIDs", "au", "1");
	properties_word(p, "%d", pid);
}

/* The last part of the process's group in systemd's tree; NULL: not yet. */
static char *scope_find_group(const char *unit, pid_t pid)
{
	char name[64], *line = NULL, *path = NULL, *end;
	size_t size = 0;
	FILE *file;

	if (pid > 0)
		snprintf(name, sizeof(name), "/proc/%d/cgroup", pid);
	else
		snprintf(name, sizeof(name), "/proc/self/cgroup");
	file = fopen(name, "re");
	while (file && !path && getline(&line, &size, file) > 0) {
		char *names = strchr(line, ':');
		char *way = names ? strchr(names + 1, ':') : NULL;

		if (!way || (strncmp(names, "::", 2) != 0 &&
			     strncmp(names, ":name=systemd:", 14) != 0))
			continue;
		way[strcspn(way, "\n")] = '\0';
		end = strrchr(way, '/');
		if (end && strcmp(end + 1, unit) == 0)
			path = strdup(way + 1);
	}
	free(line);
	if (file)
		fclose(file);
	return path;
}

char *scope_group(const char *unit, pid_t pid)
{
	char *path = scope_find_group(unit, pid);

	if (!path)
		error_input("see systemctl status for the unit",
			    "find the group of process %d: it is not in %s",
			    pid, unit);
	return path;
}

/*
 * The call has queued a job.  systemctl start joins a job that is there, and
 * returns when it is done; most often it is done by now.
 */
static int scope_wait(const char *unit, pid_t pid)
{
	CLEANUP_FREE char *path = scope_find_group(unit, pid);
	CLEANUP_FREE char *text = NULL;
	const char *const words[] = { "start", unit, NULL };
	int status;

	if (path)
		return 0;
	status = systemd_run("systemctl", words, &text);
	if (status > 0)
		error_input("see journalctl", "start %s: systemd says: %s",
			    unit, scope_reason(text));
	return status == 0 ? 0 : -1;
}

/* In the parent, while the child waits at the gate. */
int scope_start(const char *unit, const char *slice, pid_t pid,
		const struct resources *limits, const json_t *annotations)
{
	struct properties all = { 0 }, call = { 0 };
	int result;

	scope_describe(&all, unit, slice, pid);
	properties_add_limits(&all, limits);
	result = properties_add_annotations(&all, annotations);
	scope_begin_call(&call, "StartTransientUnit", "ssa(sv)a(sa(sv))");
	properties_word(&call, "%s", unit);
	properties_word(&call, "replace"); /* jobs that are in the way */
	scope_add_array(&call, &all);
	properties_word(&call, "0"); /* further units */
	if (result == 0)
		result = scope_call(&call, "start", unit);
	if (result == 0)
		result = scope_wait(unit, pid);
	properties_free(&call);
	properties_free(&all);
	return result;
}

/*
 * SetUnitProperties writes to the files at once and keeps the values: systemd
 * writes them again whenever it reloads.
 */
int scope_change(const char *unit, const struct resources *limits)
{
	struct properties all = { 0 }, call = { 0 };
	int result = 0;

	properties_add_limits(&all, limits);
	scope_begin_call(&call, "SetUnitProperties", "sba(sv)");
	properties_word(&call, "%s", unit);
	properties_word(&call, "true"); /* until it ends, not for ever */
	scope_add_array(&call, &all);
	if (all.number > 0)
		result = scope_call(&call, "change", unit);
	properties_free(&call);
	properties_free(&all);
	return result;
}

/* systemctl waits for the end.  One that systemd has forgotten is no error. */
int scope_stop(const char *unit)
{
	const char *const words[] = { "stop", unit, NULL };
	CLEANUP_FREE char *text = NULL;
	int status = systemd_run("systemctl", words, &text);

	if (status < 0)
		return -1;
	if (status > 0 && !strstr(text, "not loaded"))
		return error_input("see systemctl status for the unit",
				   "stop %s: systemd says: %s", unit,
				   scope_reason(text));
	return 0;
}
