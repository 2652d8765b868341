/*
 * On which nodes memory is taken from, where a machine has more than one
 * (NUMA).
 *
 * A node is memory that is near to some of the processors. set_mempolicy(2)
 * says from which ones this process and its children get theirs; cpuset.mems
 * of the group is the frame that the policy has to keep within.
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

/* In the order of the kernel's numbers: see <linux/mempolicy.h>. */
const char *const memory_policy_modes[] = {
	"MPOL_DEFAULT",
	"MPOL_PREFERRED",
	"MPOL_BIND",
	"MPOL_INTERLEAVE",
	"MPOL_LOCAL",
	"MPOL_PREFERRED_MANY",
	"MPOL_WEIGHTED_INTERLEAVE",
	NULL,
};

/* In the order of their bits, from the 13th on.  The first: Linux 5.12. */
const char *const memory_policy_flags[] = {
	"MPOL_F_NUMA_BALANCING",
	"MPOL_F_RELATIVE_NODES",
	"MPOL_F_STATIC_NODES",
	NULL,
};

enum value_use { TAKES_NONE, TAKES_ANY, NEEDS_SOME };

/* What each mode has to do with nodes, in the same order. */
static const enum value_use mode_uses[] = {
	TAKES_NONE, TAKES_ANY,  NEEDS_SOME, NEEDS_SOME,
	TAKES_NONE, NEEDS_SOME, NEEDS_SOME,
};

/* The kernel's EINVAL would not say which of the two does not fit. */
static int memory_policy_check(const struct memory_policy *policy, size_t mode,
			       const struct value *node)
{
	struct value nodes = value_member(node, "nodes");

	if (mode_uses[mode] == TAKES_NONE && !policy->nodes.is_empty)
		return value_complain(&nodes, "possible: this mode takes none");
	if (mode_uses[mode] == NEEDS_SOME && policy->nodes.is_empty)
		return nodes.value
			       ? value_complain(&nodes, "a list with a node")
			       : value_require(node, "nodes");
	return 0;
}

/* Mode and flags are one number for the kernel, the flags in its upper bits. */
int memory_policy_read(struct memory_policy *policy,
		       const struct value *linux_node)
{
	struct value node, array, item;
	size_t mode = 0, bit = 0;

	if (value_object(linux_node, "memoryPolicy", &node) < 0 || !node.value)
		return node.value ? -1 : 0;
	if (value_require(&node, "mode") < 0 ||
	    value_word(&node, "mode", memory_policy_modes, &mode) < 0 ||
	    number_list_read(&node, "nodes", &policy->nodes) < 0 ||
	    memory_policy_check(policy, mode, &node) < 0 ||
	    value_array(&node, "flags", &array) < 0)
		return -1;
	policy->name = memory_policy_modes[mode];
	policy->mode = (int)mode;
	for (size_t i = 0; i < value_count(&array); i++) {
		item = value_item(&array, i);
		if (value_item_word(&item, memory_policy_flags, &bit) < 0)
			return -1;
		policy->mode |= 1 << (13 + bit);
	}
	return 0;
}

/* In the child, after `start`: before, it would be the runtime's own memory. */
int memory_policy_apply(const struct memory_policy *policy)
{
	const unsigned long *nodes =
		policy->nodes.is_empty ? NULL : policy->nodes.bits;

	if (policy->name && syscall(SYS_set_mempolicy, policy->mode, nodes,
				    nodes ? NUMBERS_MAX : 0) < 0)
		return error_call(policy_hints,
				  "linux.memoryPolicy: set %s, nodes \"%s\"",
				  policy->name,
				  policy->nodes.text ? policy->nodes.text : "");
	return 0;
}
