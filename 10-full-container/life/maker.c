/*
 * The group's way through a container's life, for both kinds of makers.
 *
 * With cgroupfs the group is there before the child, which is born in it.
 * With systemd it is the other way round: the scope is made for a process.  So
 * there are two moments, maker_make() before the child and maker_take()
 * after it, and each kind does its work in one of them.
 */
#include "10-full-container/life/maker.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "habits/look.h"
#include "05-cgroups/beyond/lists.h"
#include "05-cgroups/beyond/own.h"
#include "05-cgroups/beyond/top.h"
#include "05-cgroups/beyond/trees.h"
#include "07-caps/beyond/userns_checks.h"
#include "10-full-container/group/group.h"
#include "10-full-container/group/limits_write.h"
#include "10-full-container/group/systemd.h"
#include "10-full-container/guard/path.h"
#include "10-full-container/life/delegate.h"
#include "10-full-container/life/delete.h"
#include "10-full-container/talk/damage.h"
#include "10-full-container/talk/state_files.h"

/* "SLICE.slice:PREFIX:NAME", as engines write for systemd. */
bool maker_is_for_systemd(const char *path)
{
	const char *colon = strchr(path, ':');

	return !strchr(path, '/') && colon && strchr(colon + 1, ':');
}

/* "/a//./b/" is "/a/b" in /proc/PID/cgroup, where it is looked for later. */
static char *maker_tidy(const char *path)
{
	size_t size = strlen(path) + 2, used = 0;
	char *words = strdupa(path), *word, *tidy = calloc(1, size);

	if (!tidy)
		return NULL;
	while ((word = cgroup_next_word(&words, "/")))
		if (strcmp(word, ".") != 0)
			used += (size_t)snprintf(
				tidy + used, size - used, "%s%s",
				used || *path == '/' ? "/" : "", word);
	if (used == 0)
		tidy[0] = '/';
	return tidy;
}

/* As config.json says, or below the kit's own. */
static int maker_choose_path(struct maker *m, const char *path, const char *id)
{
	if (path && maker_is_for_systemd(path))
		return error_input(
			"this is systemd's form: run with --systemd-cgroup",
			"config.json: linux.cgroupsPath: \"%s\" is not a path",
			path);
	if (path && path_has_dots(path))
		return error_input("a path below the top of the groups: "
				   "/engine/container",
				   "config.json: linux.cgroupsPath: \"%s\" is "
				   "not supported",
				   path);
	if (path && path[0])
		m->path = maker_tidy(path);
	else if (asprintf(&m->path, OWN_PARENT "/%s.oci", id) < 0)
		m->path = NULL;
	return m->path ? 0
		       : error_call(NULL, "choose a group for the container");
}

/* What cannot be in the name of a unit is written as "\\x2b". */
static char *maker_escape(const char *name)
{
	char *escaped = calloc(4, strlen(name) + 1), *to = escaped;

	for (; escaped && *name; name++)
		if (isalnum((unsigned char)*name) || strchr(":-_.\\", *name))
			*to++ = *name;
		else
			to += sprintf(to, "\\x%02x", (unsigned char)*name);
	return escaped;
}

/* "SLICE:PREFIX:NAME" is PREFIX-NAME.scope in SLICE. */
static int maker_choose_unit(struct maker *m, const char *path, const char *id)
{
	char *rest = strdupa(path && path[0] ? path : "::"), *name, *escaped;
	const char *slice = strsep(&rest, ":"), *prefix = strsep(&rest, ":");
	size_t length = strlen(slice);

	if (!prefix || !rest || strchr(rest, ':') || strchr(slice, '/') ||
	    (length &&
	     (length < 7 || strcmp(slice + length - 6, ".slice") != 0)))
		return error_input("systemd wants SLICE:PREFIX:NAME, as in "
				   "\"system.slice:engine:box\"",
				   "config.json: linux.cgroupsPath: \"%s\" is "
				   "not the name of a scope",
				   path);
	if (!rest[0])
		prefix = "ten-steps";
	name = rest[0] ? rest : (char *)id;
	if (asprintf(&rest, "%s%s%s", prefix, prefix[0] ? "-" : "", name) < 0)
		return error_call(NULL, "choose a scope for the container");
	escaped = maker_escape(rest);
	free(rest);
	if (!escaped || asprintf(&m->unit, "%s.scope", escaped) < 0)
		m->unit = NULL;
	m->slice = slice[0] ? strdup(slice) : NULL;
	free(escaped);
	return m->unit ? 0
		       : error_call(NULL, "choose a scope for the container");
}

/* linux.cgroupsPath has two forms; each belongs to one kind. */
int maker_choose(struct maker *m, const struct spec *spec, const char *id,
		 const char *maker)
{
	m->is_disabled = strcmp(maker, "disabled") == 0;
	if (m->is_disabled)
		return 0;
	return strcmp(maker, "systemd") == 0
		       ? maker_choose_unit(m, spec->cgroup_path, id)
		       : maker_choose_path(m, spec->cgroup_path, id);
}

/*
 * An ordinary user may have no group, and then `exec` has none to enter.
 * Before it was tried, there may be one.
 */
static bool maker_may_have_group(const struct cgroup *cg)
{
	return !cg->others || trees_next(cg, NULL);
}

int maker_note(const struct maker *m, const struct cgroup *cg,
	       struct state *state)
{
	if (m->path && maker_may_have_group(cg))
		json_object_set_new(state->json, "cgroup",
				    json_string(m->path));
	else
		json_object_set_new(state->json, "cgroup", json_null());
	if (m->unit)
		json_object_set_new(state->json, "unit", json_string(m->unit));
	if (m->lacks_rules)
		json_object_set_new(state->json, "lacksDeviceRules",
				    json_true());
	return group_note(state, cg);
}

/*
 * Is `path` the group of another container, which may be stopped by now?  1, 0,
 * or -1 after a message.
 */
static int maker_is_of(int states, const char *id, const char *path)
{
	CLEANUP_CLOSE int dir = -1;
	int answer = look_open(states, id, O_RDONLY | O_DIRECTORY, &dir);
	char why[ERROR_MAX];
	const char *other;
	json_t *json;

	if (answer < 0)
		return error_call(NULL,
				  "look whose the group %s is: open the "
				  "state of container %s",
				  path, id);
	if (answer == 0)
		return 0;
	json = damage_load(dir, id, why);
	if (!json)
		return -1;
	if (why[0])
		lost_group_find(json, dir, id);
	other = json_string_value(json_object_get(json, "cgroup"));
	answer = other && strcmp(other, path) == 0;
	json_decref(json);
	return answer;
}

static int maker_check_each(const struct maker *m, const struct state *state,
			    DIR *list)
{
	const char *id;
	int answer;

	while ((answer = state_next(list, &id)) > 0) {
		if (strcmp(id, state->id) == 0)
			continue;
		answer = maker_is_of(state->parent, id, m->path);
		if (answer < 0)
			return -1;
		if (answer > 0)
			return error_input("choose another linux.cgroupsPath, "
					   "or delete that container",
					   "use the group %s: it is that of "
					   "the container %s",
					   m->path, id);
	}
	return answer;
}

/*
 * An empty group can be that of a container which waits to be deleted: with
 * that, everything in the group would be killed.
 */
static int maker_check_others(const struct maker *m, const struct state *state)
{
	int fd = openat(state->parent, ".", O_RDONLY | O_CLOEXEC), result;
	DIR *list = fd < 0 ? NULL : fdopendir(fd);

	if (!list)
		return error_call(NULL, "look whose the group %s is", m->path);
	result = maker_check_each(m, state, list);
	closedir(list);
	return result;
}

/*
 * A limit that is asked for is an error then: without a group it cannot be
 * had, and on its caller's it must not be set.
 */
static int maker_make_none(struct maker *m, const struct spec *spec,
			   struct cgroup *cg)
{
	const struct limits *r = &spec->resources;

	m->lacks_rules = userns_is_host_root();
	if (top_find(cg) < 0 || limits_finish_group(r, cg) < 0)
		return -1;
	return r->settings ? cgroup_limit_all(cg, r->settings) : 0;
}

/*
 * A group that is there already stays when the container goes: somebody else
 * made it, and may have limits on it.
 */
int maker_make(struct maker *m, const struct spec *spec, struct state *state,
	       struct cgroup *cg, struct clone_args *args)
{
	int result;

	if (m->unit)
		return 0; /* a scope is made for a process that is there */
	if (m->is_disabled)
		return maker_make_none(m, spec, cg);
	result = limits_make_group(&spec->resources, m->path, cg, args);
	if (result < 0)
		return -1;
	m->lacks_rules = result > 0;
	if (!cgroup_has_existed(cg))
		return 0;
	if (strncmp(m->path, OWN_PARENT "/", sizeof(OWN_PARENT)) == 0)
		cgroup_adopt(cg); /* left by a runtime that was killed */
	if (maker_check_others(m, state) < 0 || maker_note(m, cg, state) < 0 ||
	    delegate_note(spec, cg, state) < 0)
		return -1;
	return state_save(state);
}

/*
 * systemd has made the group in the trees that it knows, and has set what it
 * has properties for.  The rest is as always: files.
 */
static int maker_take_scope(struct maker *m, const struct spec *spec,
			    struct cgroup *cg, pid_t pid)
{
	if (systemd_start_scope(
		    m->unit, m->slice, pid, &spec->resources,
		    json_object_get(spec->document, "annotations")) < 0)
		return -1;
	m->is_started = true;
	m->path = systemd_scope_path(m->unit, pid);
	if (!m->path || cgroup_open(cg, m->path, NULL) < 0 ||
	    cgroup_complete(cg) < 0 || limits_update(&spec->resources, cg) < 0)
		return -1;
	cgroup_adopt(cg); /* it goes with the container */
	return cgroup_join(cg, pid) < 0 ? -1 : delegate_group(spec, cg);
}

int maker_take(struct maker *m, const struct spec *spec, struct cgroup *cg,
	       pid_t pid)
{
	if (m->is_disabled)
		return 0;
	if (m->unit)
		return maker_take_scope(m, spec, cg, pid);
	if (limits_finish_group(&spec->resources, cg) < 0)
		return -1;
	return delegate_group(spec, cg);
}

int maker_enter(struct maker *m, struct cgroup *cg)
{
	if (!m->unit)
		return 0; /* it was born in it */
	m->path = systemd_scope_path(m->unit, 0);
	return m->path ? cgroup_open(cg, m->path, NULL) : -1;
}

/* First all must be dead; what systemd did not make is left for us. */
static int maker_remove(const char *unit, struct cgroup *cg, bool is_unused)
{
	int result = 0;

	if (unit && (cgroup_kill(cg) < 0 || systemd_stop_scope(unit) < 0))
		result = -1;
	return cgroup_remove_made(cg, is_unused) < 0 ? -1 : result;
}

/* May be called before anything was made. */
int maker_undo(struct maker *m, struct cgroup *cg, const struct state *state,
	       bool is_unused)
{
	int result;

	if (m->unit)
		cgroup_adopt(cg);
	result = delegate_take_back(state, cg);
	if (maker_remove(m->is_started ? m->unit : NULL, cg, is_unused) < 0)
		result = -1;
	return result;
}

/* Safe to call again. */
void maker_free(struct maker *m)
{
	free(m->path);
	free(m->unit);
	free(m->slice);
	*m = (struct maker){ 0 };
}

/*
 * The kernel judges first: what it refuses systemd is not told.  systemd then
 * writes its own idea of it, in whole percents of a cpu, for one; so the exact
 * values come once more.
 */
int maker_update(const struct state *state, const struct limits *resources,
		 struct cgroup *cg)
{
	const char *unit = state_text(state, "unit");

	if (limits_update(resources, cg) < 0)
		return -1;
	if (!unit)
		return 0;
	if (systemd_change_scope(unit, resources) < 0)
		return -1;
	return limits_update(resources, cg);
}

/* From what was noted: this is another process than the one that made it. */
int maker_delete(const struct state *state)
{
	struct cgroup cg = { 0 };
	int result;

	if (group_find(state, &cg) < 0) {
		cgroup_close(&cg);
		return -1;
	}
	group_older(state, &cg);
	result = delegate_take_back(state, &cg);
	if (maker_remove(state_text(state, "unit"), &cg, false) < 0)
		result = -1;
	cgroup_close(&cg);
	return result;
}
