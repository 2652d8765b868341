/*
 * linux.resources: limits of which there is one for each disk, size of pages,
 * interface or adapter.
 *
 * A weight is a share of a disk's time, which the disk's scheduler gives;
 * rates are limits.  Leaf weights were of the scheduler CFQ, which Linux 5.0
 * removed: the kernel refuses them.
 *
 * net_prio never came to v2: there eBPF and nftables look at the group that a
 * packet comes from.  So where v1 does not have it either, nobody can give it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "10-full-container/group/limits_read.h"

#define WEIGHT_MIN 10
#define WEIGHT_MAX 1000

static int
lists_read_each(struct limits *r, const struct value *object, const char *key,
		int (*read_item)(struct limits *r, const struct value *item))
{
	struct value array;

	if (value_array(object, key, &array) < 0)
		return -1;
	for (size_t i = 0; i < value_count(&array); i++) {
		struct value item = value_item(&array, i);

		if (value_item_object(&item) < 0 || read_item(r, &item) < 0)
			return -1;
	}
	return 0;
}

/*
 * For v2's io.weight 10 to 1000 become 1 to 10000; no `disk` means all.  The
 * scheduler BFQ, and v1, take the number as it is.
 */
static int io_add_weight(struct limits *r, const struct value *object,
			 const char *disk, int64_t weight)
{
	struct value by = value_member(object, "weight");
	const char *all = disk[0] ? disk : "default";

	if (limits_add(r, &by, "io.weight", "%s %" PRId64, all,
		       1 + (weight - WEIGHT_MIN) * 9999 /
				       (WEIGHT_MAX - WEIGHT_MIN)) < 0 ||
	    limits_add(r, &by, "io.bfq.weight", "%s %" PRId64, all, weight) < 0)
		return -1;
	limits_only(r, CGROUP_V2_ONLY);
	if ((disk[0] ? limits_add(r, &by, "blkio.bfq.weight_device",
				  "%s %" PRId64, disk, weight)
		     : limits_add(r, &by, "blkio.bfq.weight", "%" PRId64,
				  weight)) < 0)
		return -1;
	return limits_only(r, CGROUP_V1_ONLY);
}

/* A weight of 0, or none, is not given.  -1 after a message. */
static int io_read_weight(const struct value *object, const char *key,
			  int64_t *weight)
{
	struct value node = value_member(object, key);

	*weight = 0;
	if (value_integer(object, key, 0, WEIGHT_MAX, weight) < 0)
		return -1;
	if (*weight == 0 || *weight >= WEIGHT_MIN)
		return 0;
	return value_complain(&node, "an integer from 10 to 1000");
}

/* As the kernel names a disk, "8:0"; 12 and 20 bits are in a dev_t. */
static int io_read_disk(const struct value *item, char disk[32])
{
	int64_t major = 0, minor = 0;

	if (value_require(item, "major") < 0 ||
	    value_require(item, "minor") < 0 ||
	    value_integer(item, "major", 0, 4095, &major) < 0 ||
	    value_integer(item, "minor", 0, 1048575, &minor) < 0)
		return -1;
	snprintf(disk, 32, "%" PRId64 ":%" PRId64, major, minor);
	return 0;
}

/* One item of weightDevice. */
static int io_read_device(struct limits *r, const struct value *item)
{
	struct value by = value_member(item, "leafWeight");
	int64_t weight, leaf;
	char disk[32];

	if (io_read_disk(item, disk) < 0 ||
	    io_read_weight(item, "weight", &weight) < 0 ||
	    io_read_weight(item, "leafWeight", &leaf) < 0)
		return -1;
	if (weight == 0 && leaf == 0)
		return value_complain(item, "complete: it needs a weight");
	if (weight != 0 && io_add_weight(r, item, disk, weight) < 0)
		return -1;
	return leaf == 0 ? 0
			 : limits_add(r, &by, "blkio.leaf_weight_device",
				      "%s %" PRId64, disk, leaf);
}

/* That of all disks first: the kernel lets one disk differ from it. */
static int io_read_weights(struct limits *r, const struct value *io)
{
	struct value by = value_member(io, "leafWeight");
	int64_t weight, leaf;

	if (io_read_weight(io, "weight", &weight) < 0 ||
	    io_read_weight(io, "leafWeight", &leaf) < 0 ||
	    (weight != 0 && io_add_weight(r, io, "", weight) < 0) ||
	    (leaf != 0 &&
	     limits_add(r, &by, "blkio.leaf_weight", "%" PRId64, leaf) < 0))
		return -1;
	return lists_read_each(r, io, "weightDevice", io_read_device);
}

/* Of one of the four lists of rates; a rate of 0 is no limit, as on v1. */
static int io_read_rate(struct limits *r, const struct value *item)
{
	const char *file = limit_of_member("blockIO", item->parent->key)->file;
	const char *word = strchr(file, ' ') + 1;
	struct value by = value_member(item, "rate");
	uint64_t rate = 0;
	char disk[32];

	if (io_read_disk(item, disk) < 0 || value_require(item, "rate") < 0 ||
	    value_unsigned(item, "rate", UINT64_MAX, &rate) < 0)
		return -1;
	return rate ? limits_add(r, &by, "io.max", "%s %s=%" PRIu64, disk, word,
				 rate)
		    : limits_add(r, &by, "io.max", "%s %s=max", disk, word);
}

/* v2 has the four rates in one file, io.max; v1 has a file for each. */
static int lists_read_io(struct limits *r, const struct value *from)
{
	struct value io;

	if (value_object(from, "blockIO", &io) < 0 ||
	    io_read_weights(r, &io) < 0)
		return -1;
	for (const struct limit *row = limits_table; row->file; row++)
		if (row->kind == LIMIT_RATE &&
		    lists_read_each(r, &io, row->member, io_read_rate) < 0)
			return -1;
	return 0;
}

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
	struct value by = value_member(item, "limit");
	const char *size = "";
	uint64_t limit = 0;
	char file[64];

	if (value_require(item, "pageSize") < 0 ||
	    value_require(item, "limit") < 0 ||
	    value_string(item, "pageSize", &size) < 0 ||
	    value_unsigned(item, "limit", UINT64_MAX, &limit) < 0)
		return -1;
	if (!pages_is_size(size))
		return value_complain(&node, "a size of pages, like 2MB");
	snprintf(file, sizeof(file), "hugetlb.%s.max", size);
	if (limits_add(r, &by, file, "%" PRIu64, limit) < 0)
		return -1;
	snprintf(file, sizeof(file), "hugetlb.%s.rsvd.max", size);
	if (limits_add(r, &by, file, "%" PRIu64, limit) < 0)
		return -1;
	return limits_only(r, CGROUP_ANY);
}

/* One line of net_prio.ifpriomap: the interfaces are the host's. */
static int network_read_priority(struct limits *r, const struct value *item)
{
	struct value node = value_member(item, "name");
	struct value by = value_member(item, "priority");
	const char *name = "";
	int64_t priority = 0;

	if (value_require(item, "name") < 0 ||
	    value_require(item, "priority") < 0 ||
	    value_string(item, "name", &name) < 0 ||
	    value_integer(item, "priority", 0, UINT32_MAX, &priority) < 0)
		return -1;
	if (name[0] == '\0' || strpbrk(name, " \n"))
		return value_complain(&node, "the name of an interface");
	return limits_add(r, &by, "net_prio.ifpriomap", "%s %" PRId64, name,
			  priority);
}

/* The key is the device: {"mlx5_0": {"hcaHandles": 2, "hcaObjects": 2000}} */
static int rdma_read_device(struct limits *r, const struct value *device)
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
	return limits_add(r, device, "rdma.max", "%s%s", device->key, text);
}

/* Handles and objects of an RDMA adapter: few, and used up by one program. */
static int lists_read_rdma(struct limits *r, const struct value *node)
{
	struct value rdma;

	if (value_object(node, "rdma", &rdma) < 0)
		return -1;
	for (void *i = value_first(&rdma); i; i = value_next(&rdma, i)) {
		struct value device = value_at(&rdma, i);

		if (rdma_read_device(r, &device) < 0)
			return -1;
	}
	return 0;
}

int limits_read_lists(struct limits *r, const struct value *from)
{
	struct value network;

	if (lists_read_io(r, from) < 0 ||
	    lists_read_each(r, from, "hugepageLimits", pages_read_limit) < 0 ||
	    value_object(from, "network", &network) < 0 ||
	    lists_read_each(r, &network, "priorities", network_read_priority) <
		    0)
		return -1;
	return lists_read_rdma(r, from);
}
