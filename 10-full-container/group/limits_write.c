/*
 * The limits of a group, written, and the way back from a change that went wrong
 * half-way.
 *
 * A limit holds for a group as a whole, so it is set before anybody is in it.
 * Each is a file, and the kernel refuses each on its own: when the third of
 * three is refused, two are in force.  So what they will be written to is read
 * before, and what has changed is written back.
 */
#include "10-full-container/group/limits_write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "habits/look.h"
#include "05-cgroups/beyond/lists.h"
#include "05-cgroups/beyond/settings.h"
#include "05-cgroups/beyond/stats.h"
#include "05-cgroups/beyond/trees.h"
#include "05-cgroups/files.h"

/*
 * The rules before the child, since clone3(2) starts it inside: there is no
 * moment at which it could open what it may not.  1: it is without rules.
 */
int limits_make_group(const struct limits *r, const char *path,
		      struct cgroup *cg, struct clone_args *args)
{
	int has_rules = device_rules_can_be_set(&r->rules);

	if (has_rules < 0)
		return -1;
	if (cgroup_create_at(cg, path, r->settings, has_rules, args) < 0)
		return -1;
	return device_rules_set(&r->rules, cg, r->rules.are_default);
}

/* With pids.max 0 nothing can be added, and what is there stays. */
int limits_finish_group(const struct limits *r, const struct cgroup *cg)
{
	const struct cgroup_limit none[] = {
		{ .file = "pids.max",
		  .value = "0",
		  .origin = "config.json: linux.resources.pids.limit: " },
		{ 0 },
	};

	return r->forbids_fork ? cgroup_limit_all(cg, none) : 0;
}

/*
 * v1 refuses a limit below what is in use, v2 kills for it; with
 * checkBeforeUpdate v2 is to be like v1.
 */
static int limits_check_usage(const struct limits *r, const struct cgroup *cg)
{
	long long used, limit;

	if (r->checks_usage &&
	    cgroup_read(cg, "memory.current", NULL, &used) < 0)
		return error_call(NULL, "read what is in use "
					"(checkBeforeUpdate)");
	for (size_t i = 0; r->checks_usage && i < r->count; i++) {
		if (strcmp(r->settings[i].file, "memory.max") != 0 ||
		    r->settings[i].value[0] == 'm')
			continue;
		limit = strtoll(r->settings[i].value, NULL, 10);
		if (used < 0)
			return error_input(NULL,
					   "%swhat is in use cannot be read "
					   "(checkBeforeUpdate)",
					   r->settings[i].origin);
		if (limit < used)
			return error_input(NULL,
					   "%s%lld bytes are in use, more than "
					   "%lld (checkBeforeUpdate)",
					   r->settings[i].origin, used, limit);
	}
	return 0;
}

/* What is not in `r` stays: limits, and without rules in it the rules. */
int limits_update(const struct limits *r, struct cgroup *cg)
{
	int has_rules = device_rules_can_be_set(&r->rules);

	if (has_rules < 0)
		return -1;
	if ((r->count > 0 || has_rules) &&
	    (limits_check_usage(r, cg) < 0 ||
	     cgroup_extend(cg, r->settings, has_rules) < 0))
		return -1;
	if (r->count > 0 && cgroup_limit_all(cg, r->settings) < 0)
		return -1;
	if (device_rules_set(&r->rules, cg, false) < 0)
		return -1;
	return limits_finish_group(r, cg);
}

static bool limits_undo_has(const struct limits_undo *undo, int dir,
			    const char *name)
{
	for (size_t i = 0; i < undo->count; i++)
		if (undo->files[i].dir == dir &&
		    strcmp(undo->files[i].name, name) == 0)
			return true;
	return false;
}

/*
 * One that cannot be written cannot have been changed either, and what cannot
 * be read (memory.reclaim) does something and holds nothing.
 */
static int limits_undo_note_file(struct limits_undo *undo, int dir,
				 const char *name)
{
	struct limits_undo_file *files, *file;
	char text[CGROUP_TEXT];
	struct stat status;
	int answer = look_answer(fstatat(dir, name, &status, 0));

	if (answer > 0 && (status.st_mode & 0600) != 0600)
		return 0;
	if (answer > 0)
		answer = cgroup_look_text(dir, name, text);
	if (answer < 0)
		return error_call(NULL, "note %s before it changes", name);
	if (answer == 0)
		return 0;
	files = reallocarray(undo->files, undo->count + 1, sizeof(*files));
	if (!files)
		return error_call(NULL, "note the limits");
	undo->files = files;
	file = &files[undo->count++];
	*file = (struct limits_undo_file){ dir, strdup(name), strdup(text) };
	return file->name && file->text ? 0
					: error_call(NULL, "note the limits");
}

/* v1 has a directory for each controller, v2 has one. */
int limits_undo_note(struct limits_undo *undo, const struct cgroup *cg,
		     const struct limits *resources)
{
	char names[SETTINGS_FILES][SETTINGS_NAME];

	for (size_t i = 0; i < resources->count; i++) {
		const char *file = resources->settings[i].file;
		const struct cgroup_tree *tree = trees_with(cg, file);
		size_t count = tree && tree->group ? settings_files(tree->is_v2,
								    file, names)
						   : 0;

		while (count-- > 0)
			if (!limits_undo_has(undo, tree->fd, names[count]) &&
			    limits_undo_note_file(undo, tree->fd,
						  names[count]) < 0)
				return -1;
	}
	return 0;
}

/* A line "8:0 rbps=1000" or "8:0 1000" is for one disk. */
static bool limits_undo_is_of_disk(const char *line)
{
	size_t major = strspn(line, "0123456789");

	return major > 0 && line[major] == ':';
}

/* A disk that had no limit before: v2 says so by words, v1 by a 0. */
static void limits_undo_free_disk(const struct limits_undo_file *file,
				  const char *line)
{
	int length = (int)strcspn(line, " ");
	char text[128];

	snprintf(text, sizeof(text), "%.*s%s", length, line,
		 strcmp(file->name, "io.max") == 0
			 ? " rbps=max wbps=max riops=max wiops=max"
			 : " 0");
	cgroup_write(file->dir, file->name, text);
}

/*
 * Only what differs now, and line by line: the kernel takes one line in each
 * write(2).  A file of disks has a line only for those that have a limit.
 */
static void limits_undo_restore_file(const struct limits_undo_file *file)
{
	char now[CGROUP_TEXT], *rest = now, *line;
	CLEANUP_FREE char *before = strdup(file->text);
	int answer;

	answer = before ? cgroup_look_text(file->dir, file->name, now) : -1;
	if (answer < 0)
		error_call(NULL, "put back %s, if it has changed", file->name);
	if (answer <= 0 || strcmp(now, before) == 0)
		return;
	while ((line = cgroup_next_word(&rest, "\n")))
		if (limits_undo_is_of_disk(line))
			limits_undo_free_disk(file, line);
	rest = before;
	if (*before == '\0' || *before == '\n') /* an empty cpuset */
		cgroup_write(file->dir, file->name, "\n");
	while ((line = cgroup_next_word(&rest, "\n")))
		cgroup_write(file->dir, file->name, line);
}

/*
 * Twice: v1's memory may at no moment be more than memory and swap together,
 * so one of the two is refused the first time.
 */
void limits_undo_restore(const struct limits_undo *undo)
{
	for (int round = 0; round < 2; round++)
		for (size_t i = 0; i < undo->count; i++)
			limits_undo_restore_file(&undo->files[i]);
}

void limits_undo_free(struct limits_undo *undo)
{
	for (size_t i = 0; i < undo->count; i++) {
		free(undo->files[i].name);
		free(undo->files[i].text);
	}
	free(undo->files);
	*undo = (struct limits_undo){ 0 };
}
