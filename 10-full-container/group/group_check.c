/*
 * Are these all of a container's groups, and is this process in them?
 *
 * Not to find a group can mean that it is gone, or that it cannot be seen from
 * here: in another mount namespace its tree may not be mounted.  Who takes the
 * second for the first puts a process outside of the limits, or says that a
 * container is deleted whose groups stay.  The state has the list of them.
 */
#include <stdio.h>
#include <string.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "habits/look.h"
#include "05-cgroups/beyond/trees.h"
#include "10-full-container/group/group.h"
#include "10-full-container/talk/state_process.h"

static const char unseen_hint[] =
	"is this another mount namespace?  Mount its tree there, or come from "
	"where the container was made";

/* Mounted elsewhere, it may show another part of the tree. */
static bool group_is_seen(const struct cgroup *cg, const char *name,
			  const char *path)
{
	const struct cgroup_tree *tree = trees_named(cg, name);
	size_t length = tree && path ? strlen(tree->point) : 0;

	return tree && (tree->group ||
			(path && strncmp(path, tree->point, length) == 0));
}

int group_check_seen(const struct state *state, const struct cgroup *cg)
{
	json_t *groups = json_object_get(state->json, "groups"), *path;
	const char *name;

	json_object_foreach(groups, name, path)
	{
		if (!group_is_seen(cg, name, json_string_value(path)))
			return error_input(unseen_hint,
					   "look for the group %s of container "
					   "%s: its tree is not mounted here",
					   json_string_value(path), state->id);
	}
	return 0;
}

int group_check(const struct state *state, const struct cgroup *cg)
{
	json_t *groups = json_object_get(state->json, "groups"), *path;
	const struct cgroup_tree *tree;
	const char *name;

	json_object_foreach(groups, name, path)
	{
		tree = trees_named(cg, name);
		if (!tree || !tree->group)
			return error_input(
				"is this another mount namespace, or was the "
				"group removed?",
				"open the group %s of container %s: it is not "
				"there",
				json_string_value(path), state->id);
	}
	return 0;
}

/*
 * The whole of a file of /proc, for free().  1; 0: the process has ended, if it
 * may; -1 after a message.
 */
static int group_read(pid_t pid, const char *name, bool may_end, char **text)
{
	char path[64];
	size_t size = 0;
	FILE *file;
	int answer;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	file = fopen(path, "re");
	answer = look_answer(file ? getdelim(text, &size, '\0', file) : -1);
	if (file)
		fclose(file);
	return answer < 0 || (answer == 0 && !may_end)
		       ? error_call(NULL, "read %s", path)
		       : answer;
}

/*
 * Of "/engine/box/below" the length of "/engine/box"; the path in the state may
 * be without what is above it.  0: it is not in there.
 */
static size_t group_length(const char *way, const char *path)
{
	size_t length;

	path += strspn(path, "/");
	length = strlen(path);
	for (const char *at = way; (at = strstr(at, path)); at++)
		if (at > way && at[-1] == '/' && strchr("/\n", at[length]))
			return (size_t)(at - way) + length;
	return 0;
}

/* One of the lines "0::/engine/box/below"; everybody is in "/". */
static bool group_is_in(const char *lines, const char *path)
{
	return path[strspn(path, "/")] == '\0' || group_length(lines, path) > 0;
}

/* The first process of a PID namespace: "NSpid:	4711	1". */
static bool group_is_init(const char *status)
{
	const char *line = strstr(status, "\nNSpid:\t");
	const char *end = line ? strchr(line + 1, '\n') : NULL;

	return end && end > line + 10 && strncmp(end - 2, "\t1", 2) == 0;
}

/*
 * Of a container that was made before there was such a link.  One that has been
 * moved to another group is known by being the first of its PID namespace.
 * Without a group there is only the number to go by.
 */
static int group_seems_to_own(const struct state *state, pid_t pid)
{
	const char *path = state_text(state, "cgroup");
	CLEANUP_FREE char *lines = NULL, *status = NULL;
	int answer = path ? group_read(pid, "cgroup", true, &lines) : 0;

	if (answer > 0 && lines && !group_is_in(lines, path))
		answer = group_read(pid, "status", true, &status);
	if (answer > 0 && status)
		return group_is_init(status);
	return answer < 0 ? -1 : 1;
}

/* That it started at the moment that state.json has, state_pid() has seen. */
int group_owns(const struct state *state, pid_t pid)
{
	json_t *start = json_object_get(state->json, "startTime");
	struct state_process kept;
	int answer = state_kept_process(state->dir, &kept);

	if (answer < 0)
		return error_call(NULL, "read the process of container %s",
				  state->id);
	if (answer == 0)
		return group_seems_to_own(state, pid);
	return kept.pid == pid && kept.start == json_integer_value(start);
}

/* The path on the line "4:cpu,cpuacct:/box/below" of this tree, or NULL. */
static char *group_way(const char *text, const char *name)
{
	size_t length = strlen(name);

	for (; *text; text += strspn(text, "\n")) {
		const char *names = strchr(text, ':');
		const char *way = names ? strchr(names + 1, ':') : NULL;

		text += strcspn(text, "\n");
		if (way && way < text && length == (size_t)(way - names - 1) &&
		    strncmp(names + 1, name, length) == 0)
			return strndup(way + 1, (size_t)(text - way - 1));
	}
	return NULL;
}

/*
 * As far as the container's group both have the same way.  The first process
 * may have been moved out of it: then only the new one is looked at.
 */
static bool group_is_same(const char *first, const char *added,
			  const char *path)
{
	size_t length = first ? group_length(first, path) : 0;

	if (!added || length == 0)
		return added && group_length(added, path) > 0;
	return strncmp(first, added, length) == 0 && strchr("/", added[length]);
}

int group_check_process(const struct state *state, pid_t pid)
{
	const char *path = state_text(state, "cgroup");
	json_t *groups = json_object_get(state->json, "groups"), *value;
	json_t *first = json_object_get(state->json, "pid");
	CLEANUP_FREE char *old = NULL, *new = NULL;
	const char *name;

	if (!path)
		return 0; /* it has none */
	if (group_read((pid_t)json_integer_value(first), "cgroup", false,
		       &old) < 0 ||
	    group_read(pid, "cgroup", false, &new) < 0 || !old || !new)
		return -1;
	json_object_foreach(groups, name, value)
	{
		CLEANUP_FREE char *theirs = group_way(old, name);
		CLEANUP_FREE char *its = group_way(new, name);

		if (!group_is_same(theirs, its, path))
			return error_input(unseen_hint,
					   "put process %d into the group %s "
					   "of container %s: it is not in it",
					   pid, json_string_value(value),
					   state->id);
	}
	return 0;
}
