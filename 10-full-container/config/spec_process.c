/* process: who runs, as whom, with which rights and limits. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "habits/error.h"
#include "07-caps/beyond/caps_names.h"
#include "10-full-container/config/spec.h"

/* A name that this machine does not know is worth a note, not an error. */
static int spec_read_set(const struct value *sets, const char *key,
			 uint64_t *mask)
{
	struct value array, item;
	const char *name;

	*mask = 0;
	if (value_array(sets, key, &array) < 0)
		return -1;
	for (size_t i = 0; i < value_count(&array); i++) {
		int number;

		item = value_item(&array, i);
		if (value_item_string(&item, &name) < 0)
			return -1;
		number = strncmp(name, "CAP_", 4) == 0 ? caps_from_name(name)
						       : -1;
		if (number < 0)
			error_note("process.capabilities.%s: no capability is "
				   "called \"%.40s\"",
				   key, name);
		else
			*mask |= CAPS_BIT(number);
	}
	return 0;
}

/* Five lists of names, for five sets: 07-caps/caps_sets.h. */
static int spec_read_caps(struct caps_sets *caps, const struct value *process)
{
	struct value sets;

	if (value_object(process, "capabilities", &sets) < 0)
		return -1;
	if (spec_read_set(&sets, "bounding", &caps->bounding) < 0 ||
	    spec_read_set(&sets, "permitted", &caps->permitted) < 0 ||
	    spec_read_set(&sets, "effective", &caps->effective) < 0 ||
	    spec_read_set(&sets, "inheritable", &caps->inheritable) < 0 ||
	    spec_read_set(&sets, "ambient", &caps->ambient) < 0)
		return -1;
	return 0;
}

/*
 * Groups beside the main one.  None is not the same as the caller's: an empty
 * list drops them.
 */
static int spec_read_groups(struct process_user *user, const struct value *node)
{
	struct value array;
	size_t count;
	gid_t *groups;

	if (value_array(node, "additionalGids", &array) < 0)
		return -1;
	count = value_count(&array);
	groups = calloc(count + 1, sizeof(gid_t));
	if (!groups)
		return error_call(NULL, "read process.user.additionalGids");
	user->groups = groups;
	user->group_count = count;
	for (size_t i = 0; i < count; i++) {
		struct value item = value_item(&array, i);

		if (value_item_id(&item, &groups[i]) < 0)
			return -1;
	}
	return 0;
}

static int spec_read_user(struct process *process, const struct value *node)
{
	int64_t mask = -1;
	struct value user;

	if (value_object(node, "user", &user) < 0 || !user.value)
		return user.value ? -1 : 0;
	if (value_id(&user, "uid", &process->user.uid) < 0 ||
	    value_id(&user, "gid", &process->user.gid) < 0 ||
	    value_integer(&user, "umask", 0, 0777, &mask) < 0)
		return -1;
	process->has_umask = mask >= 0;
	process->umask = (mode_t)mask & 0777;
	return spec_read_groups(&process->user, &user);
}

static int spec_read_terminal(struct process *process, const struct value *node)
{
	uint64_t rows = 0, columns = 0;
	struct value size;

	if (value_bool(node, "terminal", &process->terminal) < 0)
		return -1;
	/* Without a terminal even a wrong size has to be ignored. */
	if (!process->terminal)
		return 0;
	if (value_object(node, "consoleSize", &size) < 0 || !size.value)
		return size.value ? -1 : 0;
	if (value_require(&size, "height") < 0 ||
	    value_require(&size, "width") < 0 ||
	    value_unsigned(&size, "height", UINT16_MAX, &rows) < 0 ||
	    value_unsigned(&size, "width", UINT16_MAX, &columns) < 0)
		return -1;
	process->rows = (uint16_t)rows;
	process->columns = (uint16_t)columns;
	return 0;
}

/* An empty name is none, as if it were not there. */
static int spec_read_name(const struct value *node, const char *key,
			  const char **name)
{
	if (value_string(node, key, name) < 0)
		return -1;
	if (*name && !(*name)[0])
		*name = NULL;
	return 0;
}

static int spec_read_lsm(struct lsm *lsm, const struct value *node)
{
	struct value profile = value_member(node, "apparmorProfile");
	struct value label = value_member(node, "selinuxLabel");
	int is_there;

	if (spec_read_name(node, profile.key, &lsm->profile) < 0 ||
	    spec_read_name(node, label.key, &lsm->label) < 0)
		return -1;
	is_there = lsm->profile ? lsm_has_apparmor() : 1;
	if (is_there == 0)
		return value_complain(&profile, "possible: this machine has no "
						"AppArmor");
	if (is_there > 0 && lsm->label)
		is_there = lsm_has_selinux();
	if (is_there == 0)
		return value_complain(&label, "possible: this machine has no "
					      "SELinux");
	return is_there < 0 ? -1 : 0;
}

/* For config.json's "process", and for the file that `exec --process` names. */
int spec_read_process(struct process *process, const struct value *node)
{
	struct value args = { .parent = node, .key = "args" };
	int64_t score = 0;

	args.value = json_object_get(node->value, "args");
	if (value_require(node, "cwd") < 0 || value_require(node, "args") < 0 ||
	    value_strings(node, "args", &process->args) < 0 ||
	    value_strings(node, "env", &process->env) < 0 ||
	    value_absolute(node, "cwd", &process->cwd) < 0)
		return -1;
	if (!process->args[0] || !process->args[0][0])
		return value_complain(&args, "a program and its arguments");
	process->has_oom_score =
		json_is_integer(json_object_get(node->value, "oomScoreAdj"));
	if (value_integer(node, "oomScoreAdj", -1000, 1000, &score) < 0 ||
	    value_bool(node, "noNewPrivileges", &process->no_new_privs) < 0)
		return -1;
	process->oom_score_adj = (int)score;
	if (spec_read_user(process, node) < 0 ||
	    spec_read_terminal(process, node) < 0 ||
	    spec_read_caps(&process->caps, node) < 0 ||
	    rlimits_read(&process->limits, node) < 0 ||
	    schedule_read(&process->schedule, node) < 0)
		return -1;
	return spec_read_lsm(&process->lsm, node);
}

/* Strings are the document's; only the vectors are our own. */
void process_free(struct process *process)
{
	free(process->args);
	free(process->env);
	free((gid_t *)process->user.groups);
}
