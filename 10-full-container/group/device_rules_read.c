/*
 * linux.resources.devices: who may use which device.
 *
 * A list of what is forbidden would be out of date with the next driver.  So
 * nothing is allowed but a few harmless devices, and what config.json allows:
 * also where it says nothing of devices at all.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>

#include "habits/error.h"
#include "05-cgroups/beyond/tree.h"
#include "10-full-container/group/limits_inside.h"
#include "10-full-container/guard/privilege.h"

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
	{ true, 'c', 10, 200, DEVICE_ALL, true },         /* net/tun */
};
#define STANDARD_RULES (sizeof(standard_rules) / sizeof(standard_rules[0]))

/* "rwm"; a rule that forbids may leave it out, and then forbids all. */
static int limits_read_access(struct device_rule *rule,
			      const struct value *item)
{
	const char *access = rule->allow ? "" : "rwm";
	struct value node = value_member(item, "access");

	if (rule->allow && value_require(item, "access") < 0)
		return -1;
	if (value_string(item, "access", &access) < 0)
		return -1;
	for (; *access; access++) {
		if (!strchr("rwm", *access))
			return value_complain(&node, "made of r, w and m");
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
static int limits_read_rule(struct device_rule *rule, const struct value *item)
{
	static const char *const types[] = { "a", "c", "b", "u", "", NULL };
	size_t type = 0;

	*rule = (struct device_rule){ .major = DEVICE_ANY,
				      .minor = DEVICE_ANY };
	if (value_item_object(item) < 0 || value_require(item, "allow") < 0 ||
	    value_bool(item, "allow", &rule->allow) < 0 ||
	    value_word(item, "type", types, &type) < 0 ||
	    value_integer(item, "major", -1, UINT32_MAX, &rule->major) < 0 ||
	    value_integer(item, "minor", -1, UINT32_MAX, &rule->minor) < 0)
		return -1;
	rule->type = "acbca"[type];
	return limits_read_access(rule, item);
}

/* A later rule counts more, so the standard ones come last. */
static void limits_add_standard(struct limits *r)
{
	memcpy(r->rules + r->rule_count, standard_rules,
	       sizeof(standard_rules));
	r->rule_count += STANDARD_RULES;
}

int limits_read_devices(struct limits *r, const struct value *node)
{
	struct value array, item;

	if (value_array(node, "devices", &array) < 0)
		return -1;
	if (value_count(&array) == 0)
		return 0;
	r->rules = calloc(value_count(&array) + STANDARD_RULES,
			  sizeof(struct device_rule));
	if (!r->rules)
		return error_call(NULL, "read the device rules");
	for (size_t i = 0; i < value_count(&array); i++) {
		item = value_item(&array, i);
		if (limits_read_rule(&r->rules[r->rule_count++], &item) < 0)
			return -1;
	}
	limits_add_standard(r);
	return 0;
}

int limits_deny_devices(struct limits *r)
{
	if (r->rule_count > 0)
		return 0;
	r->rules = calloc(STANDARD_RULES, sizeof(struct device_rule));
	if (!r->rules)
		return error_call(NULL, "keep the device rules");
	limits_add_standard(r);
	r->are_rules_default = true;
	return 0;
}

/*
 * Whoever is not the host's root has no right to set rules, and needs none:
 * mknod(2) takes CAP_MKNOD in the first user namespace.  They use the files
 * that the host lets them use, and no others.
 */
int limits_have_rules(const struct limits *r)
{
	return r->rule_count > 0 ? privilege_is_root() : 0;
}

/* v2 has no files for devices: a program decides, see device_program.h. */
int limits_limit_devices(const struct limits *r, const struct cgroup *cg,
			 bool may_lack)
{
	int result = limits_have_rules(r);

	if (result <= 0)
		return result;
	if (cgroup_v2(cg))
		result = device_rules_attach(r->rules, r->rule_count,
					     cgroup_v2(cg)->fd, may_lack);
	else
		result = device_rules_write(r->rules, r->rule_count, cg,
					    may_lack);
	return result < 0 && may_lack ? 1 : result;
}

/*
 * A set that had it not loses nothing.  In a user namespace it makes no device
 * files: the caller does not ask then.
 */
void limits_take_mknod(struct caps_sets *sets)
{
	uint64_t mknod = CAPS_BIT(CAP_MKNOD);
	uint64_t *const all[] = { &sets->bounding, &sets->permitted,
				  &sets->effective, &sets->inheritable,
				  &sets->ambient };
	bool had = false;

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		had |= (*all[i] & mknod) != 0;
		*all[i] &= ~mknod;
	}
	if (had)
		error_note("there are no device rules here: so "
			   "CAP_MKNOD is taken away, or the container could "
			   "open any disk");
}
