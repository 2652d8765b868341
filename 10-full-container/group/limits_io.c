/*
 * linux.resources.blockIO: a disk's bandwidth.
 *
 * A weight is a share of a disk's time, which the disk's scheduler gives;
 * rates are limits.  Leaf weights were of the scheduler CFQ, which Linux 5.0
 * removed: the kernel refuses them.
 */
#include <inttypes.h>
#include <stdio.h>

#include "10-full-container/group/limits_inside.h"

#define WEIGHT_MIN 10
#define WEIGHT_MAX 1000

/* The scheduler BFQ, and v1, take the number as it is. */
static int io_add_exact(struct limits *r, const struct value *by,
			const char *file, const char *disk, int64_t weight,
			enum cgroup_layout layout)
{
	struct cgroup_setting *setting =
		limits_add(r, by, "weight", file, "%s%s%" PRId64, disk,
			   disk[0] ? " " : "", weight);

	if (!setting)
		return -1;
	setting->is_optional = true;
	setting->layout = layout;
	return 0;
}

/* For v2's io.weight 10 to 1000 become 1 to 10000; no `disk` means all. */
static int io_add_weight(struct limits *r, const struct value *by,
			 const char *disk, int64_t weight)
{
	const char *v1 =
		disk[0] ? "blkio.bfq.weight_device" : "blkio.bfq.weight";
	const char *all = disk[0] ? disk : "default";

	if (!limits_add(r, by, "weight", "io.weight", "%s %" PRId64, all,
			1 + (weight - WEIGHT_MIN) * 9999 /
					(WEIGHT_MAX - WEIGHT_MIN)) ||
	    io_add_exact(r, by, "io.bfq.weight", all, weight, CGROUP_V2_ONLY) <
		    0)
		return -1;
	return io_add_exact(r, by, v1, disk, weight, CGROUP_V1_ONLY);
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

	if (value_item_object(item) < 0 || value_require(item, "major") < 0 ||
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
	if (leaf == 0)
		return 0;
	return limits_add(r, item, "leafWeight", "blkio.leaf_weight_device",
			  "%s %" PRId64, disk, leaf)
		       ? 0
		       : -1;
}

/* One of the four lists of rates; a rate of 0 is no limit, as on v1. */
static int io_read_rates(struct limits *r, const struct value *io,
			 const char *key, const char *word)
{
	struct value array;
	char disk[32];

	if (value_array(io, key, &array) < 0)
		return -1;
	for (size_t i = 0; i < value_count(&array); i++) {
		struct value item = value_item(&array, i);
		uint64_t rate = 0;

		if (io_read_disk(&item, disk) < 0 ||
		    value_require(&item, "rate") < 0 ||
		    value_unsigned(&item, "rate", UINT64_MAX, &rate) < 0)
			return -1;
		if (!(rate ? limits_add(r, &item, "rate", "io.max",
					"%s %s=%" PRIu64, disk, word, rate)
			   : limits_add(r, &item, "rate", "io.max", "%s %s=max",
					disk, word)))
			return -1;
	}
	return 0;
}

/* That of all disks first: the kernel lets one disk differ from it. */
static int io_read_weights(struct limits *r, const struct value *io)
{
	int64_t weight, leaf;
	struct value array;

	if (io_read_weight(io, "weight", &weight) < 0 ||
	    io_read_weight(io, "leafWeight", &leaf) < 0 ||
	    value_array(io, "weightDevice", &array) < 0)
		return -1;
	if (weight != 0 && io_add_weight(r, io, "", weight) < 0)
		return -1;
	if (leaf != 0 && limits_add_amount(r, io, "leafWeight",
					   "blkio.leaf_weight", leaf) < 0)
		return -1;
	for (size_t i = 0; i < value_count(&array); i++) {
		struct value item = value_item(&array, i);

		if (io_read_device(r, &item) < 0)
			return -1;
	}
	return 0;
}

/* v2 has the four rates in one file, io.max; v1 has a file for each. */
int limits_read_io(struct limits *r, const struct value *node)
{
	static const struct {
		const char *key, *word;
	} rates[] = {
		{ "throttleReadBpsDevice", "rbps" },
		{ "throttleWriteBpsDevice", "wbps" },
		{ "throttleReadIOPSDevice", "riops" },
		{ "throttleWriteIOPSDevice", "wiops" },
	};
	struct value io;

	if (value_object(node, "blockIO", &io) < 0 ||
	    io_read_weights(r, &io) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++)
		if (io_read_rates(r, &io, rates[i].key, rates[i].word) < 0)
			return -1;
	return 0;
}
