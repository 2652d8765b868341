/* process: who runs, as whom, with which rights and limits. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "habits/error.h"
#include "07-caps/beyond/caps_names.h"
#include "10-full-container/config/spec.h"

/* A name that this machine does not know is worth a note, not an error. */
static int spec_read_set(const struct value *array, void *field)
{
	uint64_t *mask = field;
	const char *name;

	if (value_item_array(array) < 0)
		return -1;
	for (size_t i = 0; i < value_count(array); i++) {
		struct value item = value_item(array, i);
		int number;

		if (value_item_string(&item, &name) < 0)
			return -1;
		number = strncmp(name, "CAP_", 4) == 0 ? caps_from_name(name)
						       : -1;
		if (number < 0)
			error_note("process.capabilities.%s: no capability is "
				   "called \"%.40s\"",
				   array->key, name);
		else
			*mask |= CAPS_BIT(number);
	}
	return 0;
}

/* Five lists of names, for five sets: 07-caps/caps_sets.h. */
#define PROCESS_AT(field) MEMBER_AT(struct process, field)
static const struct member caps_members[] = {
	{ "bounding", spec_read_set, PROCESS_AT(caps.bounding) },
	{ "permitted", spec_read_set, PROCESS_AT(caps.permitted) },
	{ "effective", spec_read_set, PROCESS_AT(caps.effective) },
	{ "inheritable", spec_read_set, PROCESS_AT(caps.inheritable) },
	{ "ambient", spec_read_set, PROCESS_AT(caps.ambient) },
	{ 0 },
};

/*
 * Groups beside the main one.  None is not the same as the caller's: an empty
 * list drops them.
 */
static int spec_read_groups(const struct value *array, void *field)
{
	struct process_user *user = field;
	gid_t *groups;

	if (value_item_array(array) < 0)
		return -1;
	groups = calloc(value_count(array) + 1, sizeof(gid_t));
	if (!groups)
		return error_call(NULL, "read process.user.additionalGids");
	user->groups = groups;
	user->group_count = value_count(array);
	for (size_t i = 0; i < user->group_count; i++) {
		struct value item = value_item(array, i);

		if (value_item_id(&item, &groups[i]) < 0)
			return -1;
	}
	return 0;
}

static const struct member user_members[] = {
	{ "uid", member_id, PROCESS_AT(user.uid) },
	{ "gid", member_id, PROCESS_AT(user.gid) },
	{ "umask", member_integer, PROCESS_AT(umask), .high = 0777 },
	{ "additionalGids", spec_read_groups, PROCESS_AT(user) },
	{ 0 },
};

static const struct member size_members[] = {
	{ "height", member_unsigned, PROCESS_AT(rows), REQUIRED,
	  .high = UINT16_MAX },
	{ "width", member_unsigned, PROCESS_AT(columns), REQUIRED,
	  .high = UINT16_MAX },
	{ 0 },
};

/* Without a terminal even a wrong size has to be ignored. */
static int spec_read_size(const struct value *value, void *field)
{
	const struct process *process = field;

	return process->terminal ? members_read(value, size_members, field) : 0;
}

/* A program has a name. */
static int spec_read_args(const struct value *value, void *field)
{
	char ***args = field;

	if (member_strings(value, field) < 0)
		return -1;
	if (!(*args)[0] || !(*args)[0][0])
		return value_complain(value, "a program and its arguments");
	return 0;
}

/* One that this machine has not got is an error, and never left out. */
static int spec_read_lsm(const struct value *value, void *field)
{
	bool is_profile = strcmp(value->key, "apparmorProfile") == 0;
	int is_there = 1;

	if (member_name(value, field) < 0)
		return -1;
	if (*(const char **)field)
		is_there = is_profile ? lsm_has_apparmor() : lsm_has_selinux();
	if (is_there != 0)
		return is_there < 0 ? -1 : 0;
	return value_complain(value, is_profile ? "possible: this machine has "
						  "no AppArmor"
						: "possible: this machine has "
						  "no SELinux");
}

const struct member spec_process_members[] = {
	{ "cwd", member_path, PROCESS_AT(cwd), REQUIRED },
	{ "args", spec_read_args, PROCESS_AT(args), REQUIRED },
	{ "env", member_strings, PROCESS_AT(env) },
	{ "oomScoreAdj", member_integer, PROCESS_AT(oom_score_adj),
	  .low = -1000, .high = 1000 },
	{ "noNewPrivileges", member_bool, PROCESS_AT(no_new_privs) },
	{ "user", member_object, .more = user_members },
	{ "terminal", member_bool, PROCESS_AT(terminal) },
	{ "consoleSize", .read = spec_read_size },
	{ "capabilities", member_object, .more = caps_members },
	{ "rlimits", rlimits_read, PROCESS_AT(limits) },
	{ "apparmorProfile", spec_read_lsm, PROCESS_AT(lsm.profile) },
	{ "selinuxLabel", spec_read_lsm, PROCESS_AT(lsm.label) },
	{ 0 },
};

/* For config.json's "process", and for the file that `exec --process` names. */
int spec_read_process(const struct value *node, void *field)
{
	struct process *process = field;

	process->umask = NO_UMASK;
	if (members_read(node, spec_process_members, process) < 0 ||
	    members_read(node, schedule_members, &process->schedule) < 0)
		return -1;
	process->has_oom_score = value_member(node, "oomScoreAdj").value;
	return 0;
}
