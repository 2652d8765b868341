/*
 * Device rules on cgroup v1: two files of the devices controller.
 *
 * The kernel keeps one answer for all devices and a list of exceptions.  "a"
 * sets the answer and forgets the list; any other rule adds an exception, or
 * takes back the very same one.  A smaller hole in a wider exception cannot
 * be said, and the kernel would pass over it without an error.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "habits/error.h"
#include "05-cgroups/beyond/existing.h"
#include "05-cgroups/beyond/trees.h"
#include "05-cgroups/files.h"
#include "10-full-container/group/device_rules.h"

#define RULE_TEXT 64

/* "c 1:3 rwm" */
static void rule_print(const struct device_rule *rule, char type,
		       char text[RULE_TEXT])
{
	char major[24] = "*", minor[24] = "*";

	if (rule->major != DEVICE_ANY)
		snprintf(major, sizeof(major), "%" PRId64, rule->major);
	if (rule->minor != DEVICE_ANY)
		snprintf(minor, sizeof(minor), "%" PRId64, rule->minor);
	snprintf(text, RULE_TEXT, "%c %s:%s %s%s%s", type, major, minor,
		 rule->access & DEVICE_READ ? "r" : "",
		 rule->access & DEVICE_WRITE ? "w" : "",
		 rule->access & DEVICE_MKNOD ? "m" : "");
}

/* Is it about every device, and all that can be done with one? */
static bool rule_is_for_all(const struct device_rule *rule)
{
	return rule->type == 'a' && rule->major == DEVICE_ANY &&
	       rule->minor == DEVICE_ANY && rule->access == DEVICE_ALL;
}

/* Can one device have both numbers? */
static bool rule_meets(int64_t a, int64_t b)
{
	return a == b || a == DEVICE_ANY || b == DEVICE_ANY;
}

/* Is there an access to a device that both are about? */
static bool rule_overlaps(const struct device_rule *a,
			  const struct device_rule *b)
{
	return (a->type == b->type || a->type == 'a' || b->type == 'a') &&
	       rule_meets(a->major, b->major) &&
	       rule_meets(a->minor, b->minor) && (a->access & b->access);
}

static bool rule_is_same_device(const struct device_rule *a,
				const struct device_rule *b)
{
	return a->type == b->type && a->major == b->major &&
	       a->minor == b->minor;
}

/*
 * Would the rule be a hole in an exception?  That the runtime's own rules
 * allow less than they could, below a wider ban, is meant by whoever bans.
 */
static int rule_check(const struct device_rule *rules, size_t start, size_t i)
{
	char hole[RULE_TEXT], wider[RULE_TEXT];

	for (size_t j = start; j < i && !rules[i].is_standard; j++) {
		if (rules[j].allow == rules[i].allow ||
		    !rule_overlaps(&rules[j], &rules[i]) ||
		    rule_is_same_device(&rules[j], &rules[i]))
			continue;
		rule_print(&rules[i], rules[i].type, hole);
		rule_print(&rules[j], rules[j].type, wider);
		return error_input("list the devices one by one",
				   "config.json: linux.resources.devices[%zu]: "
				   "cgroup v1 cannot except %s from %s",
				   i, hole, wider);
	}
	return 0;
}

/*
 * Each rule is one write(2) to one of two files, and counts at once.  EPERM:
 * the group above allows less than the runtime's own rules, and that is well.
 */
static int rule_write(const struct device_rule *rule, const char *text,
		      const struct cgroup *cg, bool is_quiet)
{
	const struct cgroup_tree *tree = trees_with(cg, "devices.allow");
	const struct cgroup_limit setting[] = {
		{ .file = rule->allow ? "devices.allow" : "devices.deny",
		  .value = text,
		  .origin = "config.json: linux.resources.devices: " },
		{ 0 },
	};

	if (!(is_quiet || rule->is_standard) || !tree || !tree->group)
		return is_quiet ? -1 : cgroup_limit_all(cg, setting);
	if (cgroup_write(tree->fd, setting->file, text) == 0 ||
	    (rule->is_standard && errno == EPERM))
		return 0;
	return is_quiet ? -1
			: error_call(NULL, "write \"%s\" to %s in %s", text,
				     setting->file, tree->group);
}

/* The kernel's "a" is for all, whatever follows it. */
static int rule_write_each(const struct device_rule *rule,
			   const struct cgroup *cg, bool is_quiet)
{
	char text[RULE_TEXT];

	for (const char *type = "cb"; *type; type++) {
		if (rule->type != 'a' && rule->type != *type)
			continue;
		rule_print(rule, *type, text);
		if (rule_write(rule, text, cg, is_quiet) < 0)
			return -1;
	}
	return 0;
}

/* A group inherits the answer of the one above: begin with a no. */
int device_rules_write(const struct device_rules *rules,
		       const struct cgroup *cg, bool is_quiet)
{
	static const struct device_rule none = { .allow = false };
	size_t start = 0; /* of what "a" has not made void */

	if (rule_write(&none, "a", cg, is_quiet) < 0)
		return -1;
	for (size_t i = 0; i < rules->count; i++) {
		if (rule_is_for_all(&rules->list[i])) {
			start = i + 1;
			if (rule_write(&rules->list[i], "a", cg, is_quiet) < 0)
				return -1;
			continue;
		}
		if (rule_check(rules->list, start, i) < 0 ||
		    rule_write_each(&rules->list[i], cg, is_quiet) < 0)
			return -1;
	}
	return 0;
}
