/*
 * linux.resources.memory: RAM, and RAM with swap.
 *
 * The words are v1's, where every number is a limit of its own.  v2 counts
 * the kernel's memory and sockets with all other, and knows no swappiness of
 * a group: what asks for those is refused there.  Engines write 0 for "not
 * given".
 */
#include <inttypes.h>
#include <string.h>

#include "10-full-container/group/limits_inside.h"

struct memory_limits {
	int64_t limit, reservation, swap, kernel, tcp;
	uint64_t swappiness; /* 2^64 - 1, a -1 of Docker's: not given */
	bool no_killer, is_hierarchical;
};

/* v1 limits memory and swap together, v2 swap alone. */
static int memory_add_swap(struct limits *r, const struct value *memory,
			   const struct memory_limits *m)
{
	struct value node = value_member(memory, "swap");
	struct cgroup_setting *setting;

	if (m->swap == 0)
		return 0;
	if (m->swap < 0)
		return limits_add_amount(r, memory, "swap", "memory.swap.max",
					 -1);
	if (m->limit == 0) /* the limit that the group has will count */
		return limits_add_amount(r, memory, "swap",
					 "memory.memsw.limit_in_bytes",
					 m->swap);
	if (m->limit < 0 || m->swap < m->limit)
		return value_complain(&node, "at least memory.limit: it is the "
					     "sum of memory and swap");
	setting = limits_add(r, memory, "swap", "memory.swap.max", "%" PRId64,
			     m->swap - m->limit);
	if (!setting)
		return -1;
	/* Without swap there is no such file, and nothing to limit. */
	setting->is_optional = m->swap == m->limit;
	return 0;
}

/* "No reservation" is no limit on v1, and no protection on v2. */
static int memory_add_reservation(struct limits *r, const struct value *memory,
				  int64_t bytes)
{
	static const char key[] = "reservation";

	if (bytes == 0)
		return 0;
	if (bytes > 0)
		return limits_add_amount(r, memory, key, "memory.low", bytes);
	if (limits_add_only(r, memory, key, "memory.soft_limit_in_bytes", -1,
			    CGROUP_V1_ONLY) < 0)
		return -1;
	return limits_add_only(r, memory, key, "memory.low", 0, CGROUP_V2_ONLY);
}

/* v1 alone has these; "no limit" is what holds where they are not. */
static int memory_add_kernel(struct limits *r, const struct value *memory,
			     const char *key, const char *file, int64_t bytes)
{
	if (bytes == 0)
		return 0;
	if (bytes < 0)
		return limits_add_only(r, memory, key, file, -1,
				       CGROUP_V1_ONLY);
	return limits_add_amount(r, memory, key, file, bytes);
}

/* What is the default anyway is written only where there is a file for it. */
static int memory_add_switch(struct limits *r, const struct value *memory,
			     const char *key, const char *file, bool value,
			     bool usual)
{
	if (!value_member(memory, key).value)
		return 0;
	if (value == usual)
		return limits_add_only(r, memory, key, file, value,
				       CGROUP_V1_ONLY);
	return limits_add_amount(r, memory, key, file, value);
}

/* Ranges only; what belongs together is compared by who adds it. */
static int memory_read(struct memory_limits *m, bool *checks_usage,
		       const struct value *memory)
{
	if (value_integer(memory, "limit", -1, INT64_MAX, &m->limit) < 0 ||
	    value_integer(memory, "reservation", -1, INT64_MAX,
			  &m->reservation) < 0 ||
	    value_integer(memory, "swap", -1, INT64_MAX, &m->swap) < 0 ||
	    value_integer(memory, "kernel", -1, INT64_MAX, &m->kernel) < 0 ||
	    value_integer(memory, "kernelTCP", -1, INT64_MAX, &m->tcp) < 0 ||
	    value_unsigned(memory, "swappiness", UINT64_MAX, &m->swappiness) <
		    0 ||
	    value_bool(memory, "disableOOMKiller", &m->no_killer) < 0 ||
	    value_bool(memory, "useHierarchy", &m->is_hierarchical) < 0)
		return -1;
	return value_bool(memory, "checkBeforeUpdate", checks_usage);
}

/*
 * The limit on memory comes before that on swap, which is counted from it.
 */
int limits_read_memory(struct limits *r, const struct value *node)
{
	struct memory_limits m = { .swappiness = UINT64_MAX };
	struct value memory, swappiness;

	if (value_object(node, "memory", &memory) < 0 ||
	    memory_read(&m, &r->checks_usage, &memory) < 0)
		return -1;
	swappiness = value_member(&memory, "swappiness");
	if (m.swappiness != UINT64_MAX && m.swappiness > 100)
		return value_complain(&swappiness, "an integer from 0 to 100");
	if (m.limit != 0 &&
	    limits_add_amount(r, &memory, "limit", "memory.max", m.limit) < 0)
		return -1;
	if (memory_add_swap(r, &memory, &m) < 0 ||
	    memory_add_reservation(r, &memory, m.reservation) < 0 ||
	    memory_add_kernel(r, &memory, "kernel",
			      "memory.kmem.limit_in_bytes", m.kernel) < 0 ||
	    memory_add_kernel(r, &memory, "kernelTCP",
			      "memory.kmem.tcp.limit_in_bytes", m.tcp) < 0)
		return -1;
	if (m.swappiness != UINT64_MAX &&
	    limits_add_amount(r, &memory, "swappiness", "memory.swappiness",
			      (int64_t)m.swappiness) < 0)
		return -1;
	if (memory_add_switch(r, &memory, "useHierarchy",
			      "memory.use_hierarchy", m.is_hierarchical,
			      true) < 0)
		return -1;
	return memory_add_switch(r, &memory, "disableOOMKiller",
				 "memory.oom_control", m.no_killer, false);
}
