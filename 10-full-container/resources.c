#include "10-full-container/resources.h"

#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>

#include "01-uts/error.h"
#include "05-cgroups/files.h"
#include "05-cgroups/tree.h"

#define FULL (BPF_DEVCG_ACC_MKNOD | BPF_DEVCG_ACC_READ | BPF_DEVCG_ACC_WRITE)

/* What every container may use, whatever config.json says. */
static const struct device_rule standard_rules[] = {
	{ true, 'c', DEVICE_ANY, DEVICE_ANY, BPF_DEVCG_ACC_MKNOD },
	{ true, 'b', DEVICE_ANY, DEVICE_ANY, BPF_DEVCG_ACC_MKNOD },
	{ true, 'c', 1, 3, FULL },            /* null */
	{ true, 'c', 1, 5, FULL },            /* zero */
	{ true, 'c', 1, 7, FULL },            /* full */
	{ true, 'c', 1, 8, FULL },            /* random */
	{ true, 'c', 1, 9, FULL },            /* urandom */
	{ true, 'c', 5, 0, FULL },            /* tty */
	{ true, 'c', 5, 1, FULL },            /* console */
	{ true, 'c', 5, 2, FULL },            /* ptmx */
	{ true, 'c', 136, DEVICE_ANY, FULL }, /* pts/N */
};

static int resources_read_access(struct device_rule *rule,
				 const struct node *item)
{
	const char *access = "rwm";

	if (node_string(item, "access", &access) < 0)
		return -1;
	for (; *access; access++) {
		if (!strchr("rwm", *access))
			return node_complain(item, "a rule: access is made of "
						   "r, w and m");
		rule->access |= *access == 'r'   ? BPF_DEVCG_ACC_READ
				: *access == 'w' ? BPF_DEVCG_ACC_WRITE
						 : BPF_DEVCG_ACC_MKNOD;
	}
	return 0;
}

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

static int resources_limit_devices_v1(const struct resources *r,
				      const struct cgroup *cg)
{
	char text[DEVICE_RULE_TEXT];

	for (size_t i = 0; i < r->rule_count; i++) {
		const struct device_rule *rule = &r->rules[i];
		bool is_all = rule->type == 'a';
		struct cgroup_setting setting[2] = { {
			.file = rule->allow ? "devices.allow" : "devices.deny",
			.value = is_all ? "a" : text,
		} };

		device_rule_print(rule, text);
		if (cgroup_limit(cg, setting) < 0)
			return -1;
	}
	return 0;
}

static int resources_limit_devices(const struct resources *r,
				   const struct cgroup *cg)
{
	if (r->rule_count == 0)
		return 0;
	if (cgroup_v2(cg))
		return device_rules_attach(r->rules, r->rule_count,
					   cgroup_v2(cg)->fd);
	return resources_limit_devices_v1(r, cg);
}

/*
 * A group with processes in it is somebody else's.  It is left alone, and so
 * must our way out leave it.
 */
static int resources_check_empty(struct cgroup *cg)
{
	char text[CGROUP_TEXT] = "";
	int used = -1;

	for (int i = 0; cg->trees && i < CGROUP_TREES && used < 0; i++)
		if (cg->trees[i].group &&
		    cgroup_read_text(cg->trees[i].fd, "cgroup.procs", text) ==
			    0 &&
		    text[0] != '\0')
			used = i;
	if (used < 0)
		return 0;
	error_input("choose another linux.cgroupsPath",
		    "use the group %s: there are processes in it",
		    cg->trees[used].group);
	cgroup_close(cg);
	return -1;
}

/*
 * A few of the settings go with the group itself: they tell which
 * controllers it needs.  The others are written afterwards.
 */
int resources_make_group(const struct resources *r, const char *path,
			 struct cgroup *cg, struct clone_args *args)
{
	size_t few = r->count < CGROUP_SETTINGS ? r->count : CGROUP_SETTINGS;

	if (few > 0) /* else r->settings is NULL, which memcpy must not get */
		memcpy(cg->settings, r->settings, few * sizeof(*cg->settings));
	cg->path = path;
	if (cgroup_create(cg, args) < 0 || resources_check_empty(cg) < 0)
		return -1;
	if (r->count > few && cgroup_limit(cg, r->settings + few) < 0)
		return -1;
	return resources_limit_devices(r, cg);
}
