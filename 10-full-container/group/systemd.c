/*
 * Three calls to systemd's manager: make a scope, change it, end it.
 *
 * systemd is asked over D-Bus.  Its library cannot be linked into a static
 * program, and the protocol is not our subject; busctl(1) sends one call and
 * prints the answer.  It takes its time: a process for a call.  Nobody pays for
 * it who does not ask for systemd.
 *
 * StartTransientUnit queues a job and returns; the process is in its group
 * when the job is done.  The interface is described in
 * org.freedesktop.systemd1(5).
 */
#include "10-full-container/group/systemd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/count.h"
#include "habits/error.h"
#include "07-caps/beyond/userns_checks.h"
#include "08-netns/beyond/tool.h"
#include "10-full-container/group/systemd_words.h"

static const char cgroupfs_hint[] =
	"without systemd the groups are made by this program: leave out "
	"--systemd-cgroup. podman: --cgroup-manager cgroupfs; containerd: "
	"SystemdCgroup = false; Docker: native.cgroupdriver=cgroupfs";

/* The directory is there if systemd is process 1: see sd_booted(3). */
static int systemd_check(void)
{
	if (access("/run/systemd/system", F_OK) == 0)
		return 0;
	return error_input(cgroupfs_hint,
			   "ask systemd for a group: it does not run this "
			   "machine (there is no /run/systemd/system)");
}

/*
 * The user's manager is found by XDG_RUNTIME_DIR, which su(1) and some
 * services do not set.  pam_systemd(8) makes the directory at login.
 */
static int systemd_find_user(void)
{
	char *directory = NULL;
	int result = 0;

	if (getenv("XDG_RUNTIME_DIR") || getenv("DBUS_SESSION_BUS_ADDRESS"))
		return 0;
	if (asprintf(&directory, "/run/user/%u", geteuid()) < 0)
		return error_call(NULL, "look for the user's manager");
	if (access(directory, X_OK) == 0)
		setenv("XDG_RUNTIME_DIR", directory, 1);
	else
		result = error_input("log in as this user, or have it started "
				     "at boot: loginctl enable-linger USER",
				     "ask systemd for a group: there is no "
				     "manager for user %u (no %s)",
				     geteuid(), directory);
	free(directory);
	return result;
}

/*
 * Run a tool, whose messages come back in `text` for free(): the manager that
 * is asked is the system's for root, and the user's own for anybody else.  The
 * words can be a user's, and none of them is an option: "--address=unixexec:"
 * would have busctl run a program.  Its exit status, or -1 after a message.
 */
static int systemd_run(const char *tool, const char *const words[], char **text)
{
	int status, is_root = userns_is_host_root();
	struct systemd_words all = { 0 };

	*text = NULL;
	if (is_root < 0 || systemd_check() < 0 ||
	    (!is_root && systemd_find_user() < 0))
		return -1;
	systemd_words_word(&all, "%s", tool);
	systemd_words_word(&all, is_root ? "--system" : "--user");
	systemd_words_word(&all, "--");
	for (; *words; words++)
		systemd_words_word(&all, "%s", *words);
	status = all.is_incomplete
			 ? error_call(NULL, "run %s", tool)
			 : tool_run((const char **)all.words, NULL, text);
	systemd_words_free(&all);
	if (status == 127)
		return error_input("install the package systemd",
				   "ask systemd for a group: %s is not "
				   "installed",
				   tool);
	return status;
}

/* One line of what a tool printed, without "Call failed: ". */
static const char *systemd_reason(char *text)
{
	static const char before[] = "Call failed: ";

	text[strcspn(text, "\n")] = '\0';
	if (strncmp(text, before, strlen(before)) == 0)
		text += strlen(before);
	return text[0] ? text : "no reason was given";
}

/*
 * What the tool prints after a failure is systemd's own sentence.  A unit that
 * it has forgotten need not be stopped.
 */
static int systemd_ask(const char *tool, const char *const words[],
		       const char *what, const char *unit, const char *hint)
{
	CLEANUP_FREE char *text = NULL;
	int status = systemd_run(tool, words, &text);

	if (status <= 0 || !text)
		return status;
	if (strcmp(what, "stop") == 0 && strstr(text, "not loaded"))
		return 0;
	return error_input(hint, "%s %s: systemd says: %s", what, unit,
			   systemd_reason(text));
}

/* The words of a method call: its name, the types, the arguments. */
static void systemd_begin_call(struct systemd_words *call, const char *method,
			       const char *types)
{
	static const char *const manager[] = {
		"call", "org.freedesktop.systemd1", "/org/freedesktop/systemd1",
		"org.freedesktop.systemd1.Manager"
	};

	for (size_t i = 0; i < COUNT(manager); i++)
		systemd_words_word(call, "%s", manager[i]);
	systemd_words_word(call, "%s", method);
	systemd_words_word(call, "%s", types);
}

/* An array of properties: their number, and each. */
static void systemd_add_array(struct systemd_words *call,
			      const struct systemd_words *array)
{
	systemd_words_word(call, "%zu", array->number);
	for (size_t i = 0; i < array->count; i++)
		systemd_words_word(call, "%s", array->words[i]);
	call->is_incomplete |= array->is_incomplete;
}

static int systemd_call(const struct systemd_words *call, const char *what,
			const char *unit)
{
	if (call->is_incomplete)
		return error_call(NULL, "%s %s", what, unit);
	return systemd_ask("busctl", (const char *const *)call->words, what,
			   unit,
			   "see journalctl, and systemctl status for the unit");
}

/*
 * Delegate: what is below the scope's group is ours, and systemd leaves it
 * alone.  DefaultDependencies: or it would be stopped at the very beginning
 * of a shutdown, before the engine is.  CollectMode: of a scope that fails
 * nothing is kept, or the name would be taken until it is reset.
 */
static void systemd_describe(struct systemd_words *p, const char *unit,
			     const char *slice, pid_t pid)
{
	systemd_words_add(p, "Description", "s", "container %s", unit);
	if (slice)
		systemd_words_add(p, "Slice", "s", "%s", slice);
	systemd_words_add(p, "Delegate", "b", "true");
	systemd_words_add(p, "DefaultDependencies", "b", "false");
	systemd_words_add(p, "CollectMode", "s", "inactive-or-failed");
	systemd_words_add(p, "PIDs", "au", "1");
	systemd_words_word(p, "%d", pid);
}

/* The last part of the process's group in systemd's tree; NULL: not yet. */
static char *systemd_find_group(const char *unit, pid_t pid)
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

char *systemd_scope_path(const char *unit, pid_t pid)
{
	char *path = systemd_find_group(unit, pid);

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
static int systemd_wait(const char *unit, pid_t pid)
{
	CLEANUP_FREE char *path = systemd_find_group(unit, pid);
	const char *const words[] = { "start", unit, NULL };

	return path ? 0
		    : systemd_ask("systemctl", words, "start", unit,
				  "see journalctl");
}

/* In the parent, while the child waits at the gate. */
int systemd_start_scope(const char *unit, const char *slice, pid_t pid,
			const struct limits *limits, const json_t *annotations)
{
	struct systemd_words all = { 0 }, call = { 0 };
	int result;

	systemd_describe(&all, unit, slice, pid);
	systemd_words_add_limits(&all, limits);
	result = systemd_words_add_annotations(&all, annotations);
	systemd_begin_call(&call, "StartTransientUnit", "ssa(sv)a(sa(sv))");
	systemd_words_word(&call, "%s", unit);
	systemd_words_word(&call, "replace"); /* jobs that are in the way */
	systemd_add_array(&call, &all);
	systemd_words_word(&call, "0"); /* further units */
	if (result == 0)
		result = systemd_call(&call, "start", unit);
	if (result == 0)
		result = systemd_wait(unit, pid);
	systemd_words_free(&call);
	systemd_words_free(&all);
	return result;
}

/*
 * SetUnitProperties writes to the files at once and keeps the values: systemd
 * writes them again whenever it reloads.
 */
int systemd_change_scope(const char *unit, const struct limits *limits)
{
	struct systemd_words all = { 0 }, call = { 0 };
	int result = 0;

	systemd_words_add_limits(&all, limits);
	systemd_begin_call(&call, "SetUnitProperties", "sba(sv)");
	systemd_words_word(&call, "%s", unit);
	systemd_words_word(&call, "true"); /* until it ends, not for ever */
	systemd_add_array(&call, &all);
	if (all.number > 0)
		result = systemd_call(&call, "change", unit);
	systemd_words_free(&call);
	systemd_words_free(&all);
	return result;
}

/* systemctl waits for the end. */
int systemd_stop_scope(const char *unit)
{
	const char *const words[] = { "stop", unit, NULL };

	return systemd_ask("systemctl", words, "stop", unit,
			   "see systemctl status for the unit");
}
