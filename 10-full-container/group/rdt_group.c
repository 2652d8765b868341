/*
 * Directories and files of resctrl: the kernel's arch/x86/resctrl.rst.
 *
 *     schemata       which part of the cache, how much of the bandwidth
 *     tasks          who is in the group; to enter it leaves the one before
 *     mon_groups/    groups that only count
 *     info/          what this processor has, and why the last write failed
 */
#include "10-full-container/group/rdt_group.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "habits/whole.h"

static const struct hint group_hints[] = {
	{ ENOENT, "without schemata closID names a group that is there: make "
		  "it first" },
	{ ENOSPC, "the processor has room for no more groups: see "
		  "info/*/num_closids and info/L3_MON/num_rmids" },
	{ EINVAL, "info/last_cmd_status says what is wrong with it" },
	{ 0, NULL },
};

/* The kernel says little by errno; info/last_cmd_status has it in words. */
static int rdt_write(int directory, const char *file, const char *text)
{
	CLEANUP_CLOSE int fd = openat(directory, file, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || whole_tell(fd, text) < 0)
		return error_call(group_hints,
				  "linux.intelRdt: write \"%.*s\" to %s",
				  (int)strcspn(text, "\n"), text, file);
	return 0;
}

/* With its newline: the kernel refuses a line without one. */
static int rdt_write_line(int directory, const char *line)
{
	CLEANUP_FREE char *text = NULL;

	if (asprintf(&text, "%s\n", line) < 0)
		return error_call(NULL, "linux.intelRdt: write %s", line);
	return rdt_write(directory, "schemata", text);
}

/* The kernel pads what it prints with spaces. */
static bool rdt_line_is(const char *printed, const char *line)
{
	printed += strspn(printed, " ");
	return strncmp(printed, line, strlen(line)) == 0 &&
	       strchr("\n", printed[strlen(line)]);
}

/* Of an old group: has it this line already? */
static int rdt_compare_line(int directory, const char *line)
{
	CLEANUP_CLOSE int fd =
		openat(directory, "schemata", O_RDONLY | O_CLOEXEC);
	char text[4096] = "";
	ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (length < 0)
		return error_call(NULL, "linux.intelRdt: read schemata");
	for (char *next = text; next && *next;) {
		if (rdt_line_is(next, line))
			return 0;
		next = strchr(next, '\n');
		next += next != NULL;
	}
	return error_input(
		"a group that others may be in is not changed: leave "
		"the schemata out, or take another closID",
		"linux.intelRdt: the group is there and has no "
		"\"%s\" in its schemata",
		line);
}

/* All lines in their order: written to a new group, compared with an old. */
static int rdt_set_lines(const struct rdt_group *group, int directory)
{
	int (*each)(int, const char *) =
		group->is_made ? rdt_write_line : rdt_compare_line;

	if (group->l3 && each(directory, group->l3) < 0)
		return -1;
	if (group->mb && each(directory, group->mb) < 0)
		return -1;
	for (char **line = group->schemata; line && *line; line++)
		if (each(directory, *line) < 0)
			return -1;
	return 0;
}

/*
 * Make it, or take the one of this name: two containers may well come at the
 * same time, and only one of them has then made it.
 */
static int rdt_open(struct rdt_group *group, int top)
{
	const char *name = strcmp(group->name, "/") == 0 ? "." : group->name;
	int fd;

	if (group->may_be_made && mkdirat(top, name, 0755) == 0)
		group->is_made = true;
	else if (group->may_be_made && errno != EEXIST)
		return error_call(group_hints,
				  "linux.intelRdt: make the "
				  "group %s",
				  group->name);
	fd = openat(top, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? error_call(group_hints,
				   "linux.intelRdt: open the group %s",
				   group->name)
		      : fd;
}

/*
 * A group that counts is the container's own: one of this name that is there
 * already is somebody else's, and an error (EEXIST).  The process is in both.
 */
static int rdt_monitor(struct rdt_group *group, int directory,
		       const char *number)
{
	char path[PATH_MAX];

	if (!group->monitor)
		return 0;
	snprintf(path, sizeof(path), "mon_groups/%s", group->monitor);
	if (mkdirat(directory, path, 0755) < 0)
		return error_call(group_hints, "linux.intelRdt: make %s", path);
	group->is_monitored = true;
	snprintf(path, sizeof(path), "mon_groups/%s/tasks", group->monitor);
	return rdt_write(directory, path, number);
}

/*
 * Lines first: with them the process starts, as with the limits of a control
 * group.  What it forks is in its group as well.
 */
int rdt_group_enter(struct rdt_group *group, int top, pid_t pid)
{
	CLEANUP_CLOSE int directory = rdt_open(group, top);
	char number[16];

	snprintf(number, sizeof(number), "%d", pid);
	if (directory >= 0 && rdt_set_lines(group, directory) == 0 &&
	    rdt_write(directory, "tasks", number) == 0 &&
	    rdt_monitor(group, directory, number) == 0)
		return 0;
	rdt_group_remove(group, top);
	return -1;
}

/*
 * In reverse order.  rmdir(2) works here as in a control group, the files in
 * the directory are no obstacle; who is still in it falls back to the top.
 */
int rdt_group_remove(const struct rdt_group *group, int top)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/mon_groups/%s",
		 strcmp(group->name, "/") == 0 ? "." : group->name,
		 group->monitor ? group->monitor : "");
	if (group->is_monitored && unlinkat(top, path, AT_REMOVEDIR) < 0 &&
	    errno != ENOENT)
		return error_call(NULL, "linux.intelRdt: remove %s", path);
	if (group->is_made && unlinkat(top, group->name, AT_REMOVEDIR) < 0 &&
	    errno != ENOENT)
		return error_call(NULL, "linux.intelRdt: remove the group %s",
				  group->name);
	return 0;
}
