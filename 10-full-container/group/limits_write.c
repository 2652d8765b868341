/*
 * A limit holds for a group as a whole, so it is set before anybody is in it.
 */
#include "10-full-container/group/limits_write.h"

#include <stdlib.h>
#include <string.h>

#include "habits/error.h"
#include "05-cgroups/beyond/stats.h"
#include "05-cgroups/beyond/trees.h"

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
