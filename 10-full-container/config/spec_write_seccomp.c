/*
 * linux.seccomp: stage 09's rules, with names in place of numbers.
 *
 * A config.json can go to a machine with other numbers, so the specification
 * uses libseccomp's names.  Its rules have no order; ours do, so what an
 * earlier rule has decided is left out.
 */
#include <errno.h>
#include <seccomp.h>
#include <string.h>

#include "09-seccomp/beyond/syscalls.h"
#include "09-seccomp/policy.h"
#include "10-full-container/config/spec_write.h"

#define CALLS_MAX 1024 /* more than any architecture has */

/* The three that options of stage 09 can ask for. */
static const char *spec_write_action(uint32_t action)
{
	switch (action & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ALLOW:
		return "SCMP_ACT_ALLOW";
	case SECCOMP_RET_KILL_PROCESS:
		return "SCMP_ACT_KILL_PROCESS";
	default:
		return "SCMP_ACT_ERRNO";
	}
}

/* Of the first argument; a rule without a mask has none. */
static json_t *spec_write_condition(const struct seccomp_rule *rule)
{
	if (!rule->mask)
		return json_array();
	return json_pack("[{s:i, s:I, s:I, s:s}]", "index", 0, "value",
			 (json_int_t)rule->mask, "valueTwo",
			 (json_int_t)rule->value, "op", "SCMP_CMP_MASKED_EQ");
}

/* One member of "syscalls"; the names are added by the caller. */
static json_t *spec_write_entry(const struct seccomp_rule *rule)
{
	uint32_t kind = rule->action & SECCOMP_RET_ACTION_FULL;
	json_t *args = spec_write_condition(rule);

	if (kind != SECCOMP_RET_ERRNO)
		return json_pack("{s:[], s:s, s:o}", "names", "action",
				 spec_write_action(rule->action), "args", args);
	return json_pack("{s:[], s:s, s:I, s:o}", "names", "action",
			 spec_write_action(rule->action), "errnoRet",
			 (json_int_t)(rule->action & SECCOMP_RET_DATA), "args",
			 args);
}

/*
 * One entry for each rule, except that neighbours without conditions share
 * one.  A call about which all is said does not come again: other runtimes
 * do not go by the order.
 */
static json_t *spec_write_entries(const struct seccomp_rule *rules,
				  size_t count)
{
	const struct seccomp_rule *last = NULL;
	bool is_decided[CALLS_MAX] = { false };
	json_t *list = json_array(), *entry = NULL;

	for (const struct seccomp_rule *r = rules; r < rules + count; r++) {
		if (r->first >= CALLS_MAX || is_decided[r->first])
			continue;
		if (!last || last->action != r->action || last->mask ||
		    r->mask) {
			entry = spec_write_entry(r);
			json_array_append_new(list, entry);
		}
		last = r;
		is_decided[r->first] = r->mask == 0;
		json_array_append_new(json_object_get(entry, "names"),
				      json_string(syscall_name((int)r->first)));
	}
	return list;
}

/* NULL if there is nothing to filter: no member "seccomp", no filter. */
json_t *spec_write_seccomp(const struct seccomp *s, uint64_t capabilities)
{
	struct seccomp_rule rules[SECCOMP_OPTIONS_MAX + POLICY_RULES_MAX];
	size_t count = s->rule_count;
	bool is_default = !s->is_without_policy;

	if (!is_default && count == 0)
		return NULL;
	memcpy(rules, s->rules, count * sizeof(*rules));
	if (is_default)
		count += policy_default(capabilities, rules + count);
	if (!is_default)
		return json_pack("{s:s, s:o}", "defaultAction",
				 "SCMP_ACT_ALLOW", "syscalls",
				 spec_write_entries(rules, count));
	return json_pack("{s:s, s:I, s:o}", "defaultAction", "SCMP_ACT_ERRNO",
			 "defaultErrnoRet", (json_int_t)EPERM, "syscalls",
			 spec_write_entries(rules, count));
}
