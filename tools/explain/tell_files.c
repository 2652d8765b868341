/*
 * Some files are the kernel's: a write to one is a setting, a directory made
 * below another is a group.  By the file system one knows whose a file is, and
 * by its name what it sets.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>

#include "habits/count.h"
#include "tools/explain/tell.h"

/* Names of version 2, and of version 1.  The first that begins so counts. */
static const struct {
	const char *file, *kind;
} group_files[] = {
	{ "cgroup.procs", "cgroup.enter" },
	{ "cgroup.threads", "cgroup.enter" },
	{ "tasks", "cgroup.enter" },
	{ "cgroup.subtree_control", "cgroup.controllers" },
	{ "cgroup.freeze", "cgroup.freeze" },
	{ "cgroup.kill", "cgroup.kill" },
	{ "cgroup.event_control", "cgroup.events" },
	{ "freezer.state", "cgroup.freeze" },
	{ "memory.pressure", "cgroup.trigger" },
	{ "cpu.pressure", "cgroup.trigger" },
	{ "io.pressure", "cgroup.trigger" },
	{ "irq.pressure", "cgroup.trigger" },
	{ "memory.reclaim", "cgroup.reclaim" },
	{ "memory.force_empty", "cgroup.reclaim" },
	{ "memory.oom.group", "cgroup.oom" },
	{ "memory.", "cgroup.memory" },
	{ "pids.", "cgroup.pids" },
	{ "cpuset.", "cgroup.cpuset" },
	{ "cpu", "cgroup.cpu" },
	{ "io.", "cgroup.io" },
	{ "blkio.", "cgroup.io" },
	{ "devices.", "cgroup.devices" },
	{ "", "cgroup.setting" },
};

/* Files of /proc, by the end of their path. */
static const struct {
	const char *end, *kind;
} proc_files[] = {
	{ "/uid_map", "map.uid" },          { "/gid_map", "map.gid" },
	{ "/setgroups", "map.setgroups" },  { "/oom_score_adj", "oom" },
	{ "/timens_offsets", "clocks" },    { "/attr/exec", "label" },
	{ "/attr/apparmor/exec", "label" }, { "/attr/current", "label" },
	{ "/attr/keycreate", "label" },
};

static bool tell_is_group(const char *path)
{
	struct statfs at;

	return statfs(path, &at) == 0 && (at.f_type == CGROUP2_SUPER_MAGIC ||
					  at.f_type == CGROUP_SUPER_MAGIC);
}

static const char *tell_last(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static const char *tell_group_file(const char *name)
{
	size_t i = 0;

	while (strncmp(name, group_files[i].file,
		       strlen(group_files[i].file)) != 0)
		i++;
	return group_files[i].kind;
}

static const char *tell_proc_file(const char *path)
{
	size_t length = strlen(path), end;

	if (strncmp(path, "/proc/sys/", 10) == 0 || strstr(path, "/proc/sys/"))
		return "sysctl";
	for (size_t i = 0; i < COUNT(proc_files); i++) {
		end = strlen(proc_files[i].end);
		if (length > end &&
		    strcmp(path + length - end, proc_files[i].end) == 0)
			return proc_files[i].kind;
	}
	return NULL;
}

/* What is written, on one line and not too long. */
static void tell_value(struct call *call, const char *file)
{
	char value[64];
	size_t size = call->argument[2] < sizeof(value)
			      ? (size_t)call->argument[2] + 1
			      : sizeof(value);

	call_read_text(call, call->argument[1], value, size);
	step_what(&call->step, "%s", file);
	for (char *rest = value, *word; (word = strsep(&rest, " "));)
		if (word[0])
			step_what(&call->step, "%s", word);
}

static bool tell_writes(struct call *call, const char *word)
{
	char value[16];

	call_read_text(call, call->argument[1], value, sizeof(value));
	return strncmp(value, word, strlen(word)) == 0;
}

void tell_write(struct call *call)
{
	char link[CALL_TEXT], path[64];
	const char *kind;
	struct statfs at;

	call_link(call, call_fd(call, 0), link);
	snprintf(path, sizeof(path), "/proc/%d/fd/%d", call->tid,
		 call_fd(call, 0));
	if (link[0] != '/' || statfs(path, &at) < 0)
		return;
	if (at.f_type == CGROUP2_SUPER_MAGIC || at.f_type == CGROUP_SUPER_MAGIC)
		kind = tell_group_file(tell_last(link));
	else if (at.f_type == PROC_SUPER_MAGIC)
		kind = tell_proc_file(link);
	else
		return;
	if (!kind)
		return;
	step_is(&call->step, kind);
	if (strcmp(kind, "map.setgroups") == 0 && tell_writes(call, "allow"))
		step_is(&call->step, "map.setgroups.allow");
	tell_value(call, strcmp(kind, "sysctl") == 0 ? strstr(link, "/sys/") + 5
						     : tell_last(link));
}

/* A group may be made where there is none yet: its parent is what counts. */
static void tell_directory(struct call *call, int directory, int path,
			   const char *kind)
{
	char real[2 * CALL_TEXT + 4], shown[CALL_TEXT], *end;

	call_real_path(call, directory, path, real);
	for (end = real + strlen(real); end > real && end[-1] == '/'; end--)
		end[-1] = '\0';
	end = strrchr(real, '/');
	if (!end)
		return;
	*end = '\0';
	if (!tell_is_group(real))
		return;
	call_path(call, directory, path, shown);
	step_is(&call->step, kind);
	step_what(&call->step, "%s", shown);
}

void tell_mkdir(struct call *call)
{
	tell_directory(call, -1, 0, "cgroup.make");
}

void tell_mkdirat(struct call *call)
{
	tell_directory(call, 0, 1, "cgroup.make");
}

void tell_rmdir(struct call *call)
{
	tell_directory(call, -1, 0, "cgroup.remove");
}

void tell_unlinkat(struct call *call)
{
	if (call->argument[2] & AT_REMOVEDIR)
		tell_directory(call, 0, 1, "cgroup.remove");
}
