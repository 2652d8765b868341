/*
 * set_mempolicy(2).  cpuset.mems of the group is the frame that the policy has
 * to keep within.
 */
#include "10-full-container/process/memory_policy.h"

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "habits/error.h"

static const struct hint policy_hints[] = {
	{ EINVAL, "none of these nodes is there and allowed (see "
		  "/sys/devices/system/node/has_memory), the flags do not fit, "
		  "or this kernel lacks the mode" },
	{ ENOSYS, "this kernel has no memory policies (CONFIG_NUMA)" },
	{ 0, NULL },
};

/* The kernel's numbers: see <linux/mempolicy.h>. */
const struct word memory_policy_modes[] = {
	{ "MPOL_DEFAULT", 0 },
	{ "MPOL_PREFERRED", 1 },
	{ "MPOL_BIND", 2 },
	{ "MPOL_INTERLEAVE", 3 },
	{ "MPOL_LOCAL", 4 },
	{ "MPOL_PREFERRED_MANY", 5 },
	{ "MPOL_WEIGHTED_INTERLEAVE", 6 },
	{ 0 },
};

/* In the upper bits of the same number.  The first: Linux 5.12. */
const struct word memory_policy_flags[] = {
	{ "MPOL_F_NUMA_BALANCING", 1 << 13 },
	{ "MPOL_F_RELATIVE_NODES", 1 << 14 },
	{ "MPOL_F_STATIC_NODES", 1 << 15 },
	{ 0 },
};

static const struct member memory_policy_members[] = {
	{ "mode", member_choice, .offset = offsetof(struct memory_policy, mode),
	  .presence = REQUIRED, .more = memory_policy_modes },
	{ "nodes", number_list_read, MEMBER_AT(struct memory_policy, nodes) },
	{ "flags", member_words, MEMBER_AT(struct memory_policy, flags),
	  .more = memory_policy_flags },
	{ 0 },
};

enum node_use { TAKES_NONE, TAKES_ANY, NEEDS_SOME };

/* What each mode has to do with nodes, in the same order. */
static const enum node_use mode_uses[] = {
	TAKES_NONE, TAKES_ANY,  NEEDS_SOME, NEEDS_SOME,
	TAKES_NONE, NEEDS_SOME, NEEDS_SOME,
};

/* The kernel's EINVAL would not say which of the two does not fit. */
static int memory_policy_check(const struct memory_policy *policy,
			       const struct value *node)
{
	struct value nodes = value_member(node, "nodes");

	if (mode_uses[policy->mode->number] == TAKES_NONE &&
	    policy->nodes.has_some)
		return value_complain(&nodes, "possible: this mode takes none");
	if (mode_uses[policy->mode->number] == NEEDS_SOME &&
	    !policy->nodes.has_some)
		return nodes.value
			       ? value_complain(&nodes, "a list with a node")
			       : value_require(node, "nodes");
	return 0;
}

int memory_policy_read(const struct value *value, void *field)
{
	struct memory_policy *policy = field;

	if (members_read(value, memory_policy_members, policy) < 0)
		return -1;
	return memory_policy_check(policy, value);
}

/* In the child, after `start`: before, it would be the runtime's own memory. */
int memory_policy_apply(const struct memory_policy *policy)
{
	const unsigned long *nodes =
		policy->nodes.has_some ? policy->nodes.bits : NULL;

	if (policy->mode &&
	    syscall(SYS_set_mempolicy, policy->mode->number | policy->flags,
		    nodes, nodes ? LISTS_MAX : 0) < 0)
		return error_call(policy_hints,
				  "linux.memoryPolicy: set %s, nodes \"%s\"",
				  policy->mode->name,
				  policy->nodes.text ? policy->nodes.text : "");
	return 0;
}
