/*
 * linux.resources.devices: who may use which device.
 *
 * A list of what is forbidden would be out of date with the next driver.  So
 * nothing is allowed but a few harmless devices, and what config.json allows:
 * also where it says nothing of devices at all.
 */
#include "10-full-container/group/device_rules.h"

#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>

#include "habits/count.h"
#include "habits/error.h"
#include "07-caps/beyond/userns_checks.h"
#include "10-full-container/guard/member.h"

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

/* "rwm"; a rule that forbids may leave it out, and then forbids all. */
static int device_rules_read_access(struct device_rule *rule,
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
static int device_rules_read_one(struct device_rule *rule,
				 const struct value *item)
{
	static const struct word types[] = { { "a", 'a' }, { "c", 'c' },
					     { "b", 'b' }, { "u", 'c' },
					     { "", 'a' },  { 0 } };
	struct value named = value_member(item, "type");
	const struct word *type = types;

	*rule = (struct device_rule){ .major = DEVICE_ANY,
				      .minor = DEVICE_ANY };
	if (value_item_object(item) < 0 || value_require(item, "allow") < 0 ||
	    value_bool(item, "allow", &rule->allow) < 0 ||
	    (named.value && member_find_word(&named, types, &type) < 0) ||
	    value_integer(item, "major", -1, UINT32_MAX, &rule->major) < 0 ||
	    value_integer(item, "minor", -1, UINT32_MAX, &rule->minor) < 0)
		return -1;
	rule->type = (char)type->number;
	return device_rules_read_access(rule, item);
}

/* A later rule counts more, so the standard ones come last. */
static void device_rules_add_standard(struct device_rules *r)
{
	memcpy(r->list + r->count, standard_rules, sizeof(standard_rules));
	r->count += COUNT(standard_rules);
}

int device_rules_read(struct device_rules *r, const struct value *resources)
{
	struct value array, item;

	if (value_array(resources, "devices", &array) < 0)
		return -1;
	if (value_count(&array) == 0)
		return 0;
	r->list = calloc(value_count(&array) + COUNT(standard_rules),
			 sizeof(struct device_rule));
	if (!r->list)
		return error_call(NULL, "read the device rules");
	for (size_t i = 0; i < value_count(&array); i++) {
		item = value_item(&array, i);
		if (device_rules_read_one(&r->list[r->count++], &item) < 0)
			return -1;
	}
	device_rules_add_standard(r);
	return 0;
}

int device_rules_deny(struct device_rules *r)
{
	if (r->count > 0)
		return 0;
	r->list = calloc(COUNT(standard_rules), sizeof(struct device_rule));
	if (!r->list)
		return error_call(NULL, "keep the device rules");
	device_rules_add_standard(r);
	r->are_default = true;
	return 0;
}

void device_rules_free(struct device_rules *r)
{
	free(r->list);
	*r = (struct device_rules){ 0 };
}

/*
 * Whoever is not the host's root has no right to set rules, and needs none:
 * mknod(2) takes CAP_MKNOD in the first user namespace.  They use the files
 * that the host lets them use, and no others.
 */
int device_rules_can_be_set(const struct device_rules *r)
{
	return r->count > 0 ? userns_is_host_root() : 0;
}

/* v2 has no files for devices: there a program decides. */
int device_rules_set(const struct device_rules *r, const struct cgroup *cg,
		     bool may_lack)
{
	int result = device_rules_can_be_set(r);

	if (result <= 0)
		return result;
	result = cg->path ? device_rules_attach(r, cg->dir, may_lack)
			  : device_rules_write(r, cg, may_lack);
	return result < 0 && may_lack ? 1 : result;
}

/*
 * A set that had it not loses nothing.  In a user namespace it makes no device
 * files: the caller does not ask then.
 */
void device_rules_take_mknod(struct caps_sets *sets)
{
	uint64_t mknod = CAPS_BIT(CAP_MKNOD);
	uint64_t *const all[] = { &sets->bounding, &sets->permitted,
				  &sets->effective, &sets->inheritable,
				  &sets->ambient };
	bool had = false;

	for (size_t i = 0; i < COUNT(all); i++) {
		had |= (*all[i] & mknod) != 0;
		*all[i] &= ~mknod;
	}
	if (had)
		error_note("there are no device rules here: so "
			   "CAP_MKNOD is taken away, or the container could "
			   "open any disk");
}
