/*
 * From linux.resources to a group: device rules, and the moments of the rest.
 *
 *     resources_make_group      before the child: limits, rules
 *     resources_finish_group    when it is in: what would have kept it out
 *     resources_update          later, all of it once more
 */
#include "10-full-container/resources.h"

#include <stdlib.h>
#include <string.h>

#include "01-uts/error.h"
#include "05-cgroups/files.h"
#include "05-cgroups/tree.h"
#include "10-full-container/privilege.h"
#include "10-full-container/resources_list.h"

/* What every container may use, whatever config.json says. */
static const struct device_rule standard_rules[] = {
	{ true, 'c', DEVICE_ANY, DEVICE_ANY, DEVICE_MKNOD, true },
	{ true, 'b', DEVICE_ANY, DEVICE_ANY, DEVICE_MKNOD, true },
	{ true, 'c', 1, 3, DEVICE_ALL, true },            /* null */
	{ true, 'c', 1, 5, DEVICE_ALL, true },            /* zero */
	{ true, 'c', 1, 7, DEVICE_ALL, true },            /* full */
	{ true, 'c', 1, 8, DEVICE_ALL, true },            /* random */
	{ true, 'c', 1, 9, DEVICE_ALL, true },            /* urandom */
	{ true, 'c', 5, 0, DEVICE_ALL, true },            /* tty */
	{ true, 'c', 5, 1, DEVICE_ALL, true },            /* console */
	{ true, 'c', 5, 2, DEVICE_ALL, true },            /* ptmx */
	{ true, 'c', 136, DEVICE_ANY, DEVICE_ALL, true }, /* pts/N */
};

/* "rwm"; a rule that forbids may leave it out, and then forbids all. */
static int resources_read_access(struct device_rule *rule,
				 const struct node *item)
{
	const char *access = rule->allow ? "" : "rwm";
	struct node node = node_member(item, "access");

	if (rule->allow && node_require(item, "access") < 0)
		return -1;
	if (node_string(item, "access", &access) < 0)
		return -1;
	for (; *access; access++) {
		if (!strchr("rwm", *access))
			return node_complain(&node, "made of r, w and m");
		rule->access |= *access == 'r'   ? DEVICE_READ
				: *access == 'w' ? DEVICE_WRITE
						 : DEVICE_MKNOD;
	}
	return 0;
}

/*
 * What is left out is any: {"allow": false} forbids everything.  "u" is a
 * character device in an older word for it, "" is "a".
 */
static int resources_read_rule(struct device_rule *rule,
			       const struct node *item)
{
	static const char *const types[] = { "a", "c", "b", "u", "", NULL };
	size_t type = 0;

	*rule = (struct device_rule){ .major = DEVICE_ANY,
				      .minor = DEVICE_ANY };
	if (node_item_object(item) < 0 || node_require(item, "allow") < 0 ||
	    node_bool(item, "allow", &rule->allow) < 0 ||
	    node_word(item, "type", types, &type) < 0 ||
	    node_integer(item, "major", -1, UINT32_MAX, &rule->major) < 0 ||
	    node_integer(item, "minor", -1, UINT32_MAX, &rule->minor) < 0)
		return -1;
	rule->type = "acbca"[type];
	return resources_read_access(rule, item);
}

/* Without rules the container may use what its maker may use. */
int resources_read_devices(struct resources *r, const struct node *node)
{
	size_t standard = sizeof(standard_rules) / sizeof(standard_rules[0]);
	struct node array, item;

	if (node_array(node, "devices", &array) < 0)
		return -1;
	if (node_count(&array) == 0)
		return 0;
	r->rules = calloc(node_count(&array) + standard,
			  sizeof(struct device_rule));
	if (!r->rules)
		return error_call(NULL, "read the device rules");
	for (size_t i = 0; i < node_count(&array); i++) {
		item = node_item(&array, i);
		if (resources_read_rule(&r->rules[r->rule_count++], &item) < 0)
			return -1;
	}
	memcpy(r->rules + r->rule_count, standard_rules,
	       sizeof(standard_rules));
	r->rule_count += standard;
	return 0;
}

/*
 * Whoever is not the host's root has no right to set rules, and needs none:
 * mknod(2) takes CAP_MKNOD in the first user namespace.  They use the files
 * that the host lets them use, and no others.
 */
static bool resources_have_rules(const struct resources *r)
{
	return r->rule_count > 0 && privilege_is_root();
}

/* v2 has no files for devices: a program decides, see device_program.h. */
static int resources_limit_devices(const struct resources *r,
				   const struct cgroup *cg)
{
	if (!resources_have_rules(r))
		return 0;
	if (cgroup_v2(cg))
		return device_rules_attach(r->rules, r->rule_count,
					   cgroup_v2(cg)->fd);
	return device_rules_write(r->rules, r->rule_count, cg);
}

/*
 * The rules before the child, since clone3(2) starts it inside: there is no
 * moment at which it could open what it may not.
 */
int resources_make_group(const struct resources *r, const char *path,
			 struct cgroup *cg, struct clone_args *args)
{
	cg->path = path;
	cg->list = r->settings;
	cg->rules = resources_have_rules(r);
	if (cgroup_create(cg, args) < 0)
		return -1;
	return resources_limit_devices(r, cg);
}

/* With pids.max 0 nothing can be added, and what is there stays. */
int resources_finish_group(const struct resources *r, const struct cgroup *cg)
{
	const struct cgroup_setting none[] = {
		{ .file = "pids.max",
		  .value = "0",
		  .origin = "config.json: linux.resources.pids.limit: " },
		{ 0 },
	};

	return r->forbids_fork ? cgroup_limit(cg, none) : 0;
}

/*
 * v1 refuses a limit below what is in use, v2 kills for it; with
 * checkBeforeUpdate v2 is to be like v1.
 */
static int resources_check_usage(const struct resources *r,
				 const struct cgroup *cg)
{
	long long used = cgroup_read(cg, "memory.current", NULL), limit;

	for (size_t i = 0; r->checks_usage && i < r->count; i++) {
		if (strcmp(r->settings[i].file, "memory.max") != 0 ||
		    r->settings[i].value[0] == 'm')
			continue;
		limit = strtoll(r->settings[i].value, NULL, 10);
		if (limit < used)
			return error_input(NULL,
					   "%s%lld bytes are in use, more than "
					   "%lld (checkBeforeUpdate)",
					   r->settings[i].origin, used, limit);
	}
	return 0;
}

/* What is not in `r` stays: limits, and without rules in it the rules. */
int resources_update(const struct resources *r, struct cgroup *cg)
{
	cg->list = r->settings;
	cg->rules = resources_have_rules(r);
	if (r->count > 0 &&
	    (resources_check_usage(r, cg) < 0 || cgroup_extend(cg) < 0 ||
	     cgroup_limit(cg, r->settings) < 0))
		return -1;
	if (resources_limit_devices(r, cg) < 0)
		return -1;
	return resources_finish_group(r, cg);
}
