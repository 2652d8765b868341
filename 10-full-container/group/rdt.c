/*
 * linux.intelRdt: which part of the processor's cache, and how much of the way
 * to memory, a container may use.
 *
 * Like a cgroup a group of resctrl is a directory with files, in a file system
 * of its own; see the kernel's arch/x86/resctrl.rst.  But most processors have
 * room for few groups, and a process is in exactly one.
 *
 *     schemata       which part of the cache, how much of the bandwidth
 *     tasks          who is in the group; to enter it leaves the one before
 *     mon_groups/    groups that only count
 *     info/          what this processor has, and why the last write failed
 *
 * Which group it is:
 *
 *     closID   lines   the group
 *       -        -     the container's own, made and removed with it
 *       -       yes    the same, with these lines
 *      name      -     one that has to be there
 *      name     yes    that one if it has these lines, or a new one
 */
#include "10-full-container/group/rdt.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "05-cgroups/beyond/lists.h"
#include "05-cgroups/files.h"

struct rdt_group {
	const char *name;    /* "/" is the top itself */
	bool may_be_made;    /* if it is not there */
	const char *l3, *mb; /* lines of its schemata, written first; or NULL */
	char **schemata;     /* more lines; ends with NULL; or NULL */
	const char *monitor; /* the name of a group in mon_groups; or NULL */

	bool is_made, is_monitored; /* what rdt_group_enter() has made */
};

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
	if (cgroup_write(directory, file, text) == 0)
		return 0;
	return error_call(group_hints, "linux.intelRdt: write \"%.*s\" to %s",
			  (int)strcspn(text, "\n"), text, file);
}

/* With its newline: the kernel refuses a line without one. */
static int rdt_write_line(int directory, const char *line)
{
	CLEANUP_FREE char *text = NULL;

	if (asprintf(&text, "%s\n", line) < 0)
		return error_call(NULL, "linux.intelRdt: write %s", line);
	return rdt_write(directory, "schemata", text);
}

/* Of an old group: has it this line already?  What is printed is padded. */
static int rdt_compare_line(int directory, const char *line)
{
	char text[CGROUP_TEXT], *rest = text, *printed;

	if (cgroup_read_text(directory, "schemata", text) < 0)
		return error_call(NULL, "linux.intelRdt: read schemata");
	while ((printed = cgroup_next_word(&rest, "\n")))
		if (strcmp(printed + strspn(printed, " "), line) == 0)
			return 0;
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
 * In reverse order.  rmdir(2) works here as in a control group, the files in
 * the directory are no obstacle; who is still in it falls back to the top.
 */
static int rdt_group_remove(const struct rdt_group *group, int top)
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

/*
 * Lines first: with them the process starts, as with the limits of a control
 * group.  What it forks is in its group as well.  A group that is there already
 * must have these lines: it can be shared, but not changed.
 */
static int rdt_group_enter(struct rdt_group *group, int top, pid_t pid)
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

/* Names that the top of resctrl has for something else. */
static const char *const rdt_own_names[] = { ".",          "..",       "info",
					     "mon_groups", "mon_data", NULL };

/* Where resctrl is mounted, or -1 without a message. */
static int rdt_open_top(void)
{
	FILE *mounts = setmntent("/proc/self/mounts", "re");
	struct mntent *entry;
	int fd = -1;

	while (mounts && fd < 0 && (entry = getmntent(mounts)) != NULL)
		if (strcmp(entry->mnt_type, "resctrl") == 0)
			fd = open(entry->mnt_dir,
				  O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (mounts)
		endmntent(mounts);
	return fd;
}

/* One line, which starts with what is in `more`. */
static int rdt_read_line(const struct value *value, void *field)
{
	const char *start = value->row->more, **line = field;
	char expected[40];

	if (value_item_string(value, line) < 0)
		return -1;
	snprintf(expected, sizeof(expected),
		 "a line that starts with %s:", start);
	if (strncmp(*line, start, strlen(start)) != 0 || strchr(*line, '\n'))
		return value_complain(value, expected);
	return 0;
}

/*
 * It becomes a name in the file system of the host: so no way out, and no name
 * of the kernel's.  "/" is the group where everybody is who is in no other.
 */
static int rdt_read_closid(const struct value *value, void *field)
{
	const char **closid = field;
	bool is_name;

	if (value_item_string(value, closid) < 0)
		return -1;
	is_name = (*closid)[0] && !strchr(*closid, '/');
	for (const char *const *own = rdt_own_names; *own; own++)
		is_name &= strcmp(*closid, *own) != 0;
	if (!is_name && strcmp(*closid, "/") != 0)
		return value_complain(value, "/ or the name of a group");
	return 0;
}

/* One write(2) for each; two lines in one would be two settings. */
static int rdt_read_schemata(const struct value *array, void *field)
{
	char ***schemata = field;

	if (member_strings(array, field) < 0)
		return -1;
	for (size_t i = 0; i < value_count(array); i++) {
		struct value item = value_item(array, i);

		if (strchr((*schemata)[i], '\n'))
			return value_complain(&item, "a single line");
	}
	return 0;
}

#define RDT_AT(field) MEMBER_AT(struct rdt, field)
const struct member rdt_members[] = {
	{ "closID", rdt_read_closid, RDT_AT(closid) },
	{ "l3CacheSchema", rdt_read_line, RDT_AT(l3), .more = "L3" },
	{ "memBwSchema", rdt_read_line, RDT_AT(mb), .more = "MB" },
	{ "schemata", rdt_read_schemata, RDT_AT(schemata) },
	{ "enableMonitoring", member_bool, RDT_AT(is_counted) },
	{ 0 },
};

/* Refused while it is read: nothing of the container is there yet. */
int rdt_read(const struct value *value, void *field)
{
	CLEANUP_CLOSE int top = -1;
	struct rdt *rdt = field;

	rdt->is_wanted = true;
	if (members_read(value, rdt_members, rdt) < 0)
		return -1;
	top = rdt_open_top();
	if (top < 0)
		return value_complain(value, "possible: no resctrl file system "
					     "is mounted here");
	return 0;
}

void rdt_free(struct rdt *rdt)
{
	free(rdt->schemata);
}

/*
 * The process waits at the gate, so nothing of it runs outside of the group.
 * What was made is noted for `delete`, which is another process.
 */
int rdt_enter(const struct rdt *rdt, struct state *state, pid_t pid)
{
	bool has_lines = rdt->l3 || rdt->mb || rdt->schemata;
	struct rdt_group group = {
		.name = rdt->closid ? rdt->closid : state->id,
		.may_be_made = !rdt->closid ||
			       (has_lines && strcmp(rdt->closid, "/") != 0),
		.l3 = rdt->l3,
		.mb = rdt->mb,
		.schemata = rdt->schemata,
		.monitor = rdt->is_counted ? state->id : NULL,
	};
	CLEANUP_CLOSE int top = -1;

	if (!rdt->is_wanted)
		return 0;
	top = rdt_open_top();
	if (top < 0)
		return error_call(NULL, "linux.intelRdt: open resctrl");
	if (rdt_group_enter(&group, top, pid) < 0)
		return -1;
	/* A class with a name of its own stays, whoever made it. */
	json_object_set_new(state->json, "rdt",
			    json_pack("{s:s, s:b, s:b}", "group", group.name,
				      "made", group.is_made && !rdt->closid,
				      "monitored", group.is_monitored));
	return 0;
}

/* From the note alone.  Without resctrl there is no group, and no error. */
int rdt_remove(const struct state *state)
{
	const json_t *note = json_object_get(state->json, "rdt");
	struct rdt_group group = { .monitor = state->id };
	CLEANUP_CLOSE int top = -1;

	group.name = json_string_value(json_object_get(note, "group"));
	if (!group.name)
		return 0;
	group.is_made = json_is_true(json_object_get(note, "made"));
	group.is_monitored = json_is_true(json_object_get(note, "monitored"));
	top = rdt_open_top();
	return top < 0 ? 0 : rdt_group_remove(&group, top);
}
