/*
 * linux.intelRdt: read it, and choose the group.
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
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"

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

/* One line, which starts with `start`. */
static int rdt_read_line(const struct value *node, const char *key,
			 const char *start, const char *expected,
			 const char **line)
{
	struct value member = value_member(node, key);

	if (value_string(node, key, line) < 0)
		return -1;
	if (*line &&
	    (strncmp(*line, start, strlen(start)) != 0 || strchr(*line, '\n')))
		return value_complain(&member, expected);
	return 0;
}

/*
 * It becomes a name in the file system of the host: so no way out, and no name
 * of the kernel's.  "/" is the group where everybody is who is in no other.
 */
static int rdt_read_closid(struct rdt *rdt, const struct value *node)
{
	struct value member = value_member(node, "closID");
	bool is_name;

	if (value_string(node, "closID", &rdt->closid) < 0 || !rdt->closid)
		return rdt->closid ? -1 : 0;
	is_name = rdt->closid[0] && !strchr(rdt->closid, '/');
	for (const char *const *own = rdt_own_names; *own; own++)
		is_name &= strcmp(rdt->closid, *own) != 0;
	if (!is_name && strcmp(rdt->closid, "/") != 0)
		return value_complain(&member, "/ or the name of a group");
	return 0;
}

/* One write(2) for each; two lines in one would be two settings. */
static int rdt_read_schemata(struct rdt *rdt, const struct value *node)
{
	struct value array = value_member(node, "schemata");

	if (value_strings(node, "schemata", &rdt->schemata) < 0)
		return -1;
	for (size_t i = 0; i < value_count(&array); i++) {
		struct value item = value_item(&array, i);

		if (strchr(rdt->schemata[i], '\n'))
			return value_complain(&item, "a single line");
	}
	return 0;
}

/* Refused while it is read: nothing of the container is there yet. */
int rdt_read(struct rdt *rdt, const struct value *linux_node)
{
	CLEANUP_CLOSE int top = -1;
	struct value node;

	if (value_object(linux_node, "intelRdt", &node) < 0 || !node.value)
		return node.value ? -1 : 0;
	rdt->is_wanted = true;
	if (rdt_read_closid(rdt, &node) < 0 ||
	    rdt_read_line(&node, "l3CacheSchema", "L3",
			  "a line that starts with L3:", &rdt->l3) < 0 ||
	    rdt_read_line(&node, "memBwSchema",
			  "MB:", "a line that starts with MB:", &rdt->mb) < 0 ||
	    rdt_read_schemata(rdt, &node) < 0 ||
	    value_bool(&node, "enableMonitoring", &rdt->is_counted) < 0)
		return -1;
	top = rdt_open_top();
	if (top < 0)
		return value_complain(&node, "possible: no resctrl file system "
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
