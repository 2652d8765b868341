/*
 * linux.resources: huge pages, network classes, RDMA.
 *
 * net_cls and net_prio never came to v2: there eBPF and nftables look at the
 * group that a packet comes from.  So where v1 does not have them either,
 * nobody can give them.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "10-full-container/group/limits_inside.h"

/* "2MB", as in the names of the files. */
static bool pages_is_size(const char *text)
{
	size_t digits = strspn(text, "0123456789");

	return digits > 0 && digits < 8 && text[digits] &&
	       strchr("KMG", text[digits]) &&
	       strcmp(text + digits + 1, "B") == 0;
}

/*
 * Two limits: what is used, and, since Linux 5.7, what is reserved, where
 * mmap(2) fails early instead of a SIGBUS when the page is touched.
 */
static int pages_read_limit(struct limits *r, const struct value *item)
{
	struct value node = value_member(item, "pageSize");
	struct cgroup_setting *setting;
	const char *size = "";
	uint64_t limit = 0;
	char file[64];

	if (value_item_object(item) < 0 ||
	    value_require(item, "pageSize") < 0 ||
	    value_require(item, "limit") < 0 ||
	    value_string(item, "pageSize", &size) < 0 ||
	    value_unsigned(item, "limit", UINT64_MAX, &limit) < 0)
		return -1;
	if (!pages_is_size(size))
		return value_complain(&node, "a size of pages, like 2MB");
	snprintf(file, sizeof(file), "hugetlb.%s.max", size);
	if (!limits_add(r, item, "limit", file, "%" PRIu64, limit))
		return -1;
	snprintf(file, sizeof(file), "hugetlb.%s.rsvd.max", size);
	setting = limits_add(r, item, "limit", file, "%" PRIu64, limit);
	if (!setting)
		return -1;
	setting->is_optional = true;
	return 0;
}

/* For each size a limit of its own; a size without one is not limited. */
int limits_read_pages(struct limits *r, const struct value *node)
{
	struct value array;

	if (value_array(node, "hugepageLimits", &array) < 0)
		return -1;
	for (size_t i = 0; i < value_count(&array); i++) {
		struct value item = value_item(&array, i);

		if (pages_read_limit(r, &item) < 0)
			return -1;
	}
	return 0;
}

/* One line of net_prio.ifpriomap: the interfaces are the host's. */
static int network_read_priority(struct limits *r, const struct value *item)
{
	struct value node = value_member(item, "name");
	const char *name = "";
	int64_t priority = 0;

	if (value_item_object(item) < 0 || value_require(item, "name") < 0 ||
	    value_require(item, "priority") < 0 ||
	    value_string(item, "name", &name) < 0 ||
	    value_integer(item, "priority", 0, UINT32_MAX, &priority) < 0)
		return -1;
	if (name[0] == '\0' || strpbrk(name, " \n"))
		return value_complain(&node, "the name of an interface");
	return limits_add(r, item, "priority", "net_prio.ifpriomap",
			  "%s %" PRId64, name, priority)
		       ? 0
		       : -1;
}

/*
 * v1 only: a number that tc(8) and nftables find on each packet, and for each
 * interface a priority.
 */
int limits_read_network(struct limits *r, const struct value *node)
{
	int64_t class = NOT_GIVEN;
	struct value network, array;

	if (value_object(node, "network", &network) < 0 ||
	    value_integer(&network, "classID", 0, UINT32_MAX, &class) < 0 ||
	    value_array(&network, "priorities", &array) < 0)
		return -1;
	if (class == 0) /* the default */
		class = NOT_GIVEN;
	if (limits_add_amount(r, &network, "classID", "net_cls.classid",
			      class) < 0)
		return -1;
	for (size_t i = 0; i < value_count(&array); i++) {
		struct value item = value_item(&array, i);

		if (network_read_priority(r, &item) < 0)
			return -1;
	}
	return 0;
}

/* The key is the device: {"mlx5_0": {"hcaHandles": 2, "hcaObjects": 2000}} */
static int rdma_read_device(struct limits *r, const struct value *rdma,
			    const struct value *device)
{
	int64_t handles = -1, objects = -1;
	char text[64] = "";
	size_t used = 0;

	if (value_item_object(device) < 0 ||
	    value_integer(device, "hcaHandles", 0, UINT32_MAX, &handles) < 0 ||
	    value_integer(device, "hcaObjects", 0, UINT32_MAX, &objects) < 0)
		return -1;
	if (handles < 0 && objects < 0)
		return value_complain(device,
				      "complete: it needs hcaHandles or "
				      "hcaObjects");
	if (handles >= 0)
		used = (size_t)snprintf(text, sizeof(text),
					" hca_handle=%" PRId64, handles);
	if (objects >= 0)
		snprintf(text + used, sizeof(text) - used,
			 " hca_object=%" PRId64, objects);
	return limits_add(r, rdma, device->key, "rdma.max", "%s%s", device->key,
			  text)
		       ? 0
		       : -1;
}

/* Handles and objects of an RDMA adapter: few, and used up by one program. */
int limits_read_rdma(struct limits *r, const struct value *node)
{
	struct value rdma;

	if (value_object(node, "rdma", &rdma) < 0)
		return -1;
	for (void *i = value_first(&rdma); i; i = value_next(&rdma, i)) {
		struct value device = value_at(&rdma, i);

		if (rdma_read_device(r, &rdma, &device) < 0)
			return -1;
	}
	return 0;
}
