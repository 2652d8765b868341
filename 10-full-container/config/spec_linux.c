/*
 * linux: namespaces, ids, paths, kernel parameters.
 *
 * Much of it is only possible together with something else: a map with a user
 * namespace, offsets of clocks with a time namespace.  What would silently
 * concern the host is refused here, with the way to it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>

#include "habits/count.h"
#include "habits/error.h"
#include "10-full-container/config/spec.h"

struct namespace_item {
	uint32_t kind; /* its place in namespace_kinds */
	const char *path;
};

/* With a path it is joined, without one it is made. */
static int spec_read_namespace(struct namespaces *namespaces, uint64_t *seen,
			       const struct value *node)
{
	struct word kinds[NAMESPACE_KINDS + 1] = { { 0 } };
	const struct member members[] = {
		{ "type", member_word, MEMBER_AT(struct namespace_item, kind),
		  REQUIRED, .more = kinds },
		{ "path", member_name, MEMBER_AT(struct namespace_item, path) },
		{ 0 },
	};
	struct namespace_item item = { 0 };
	struct value path = value_member(node, "path");
	uint64_t flag;

	for (size_t i = 0; i < NAMESPACE_KINDS; i++)
		kinds[i] = (struct word){ namespace_kinds[i].name, i };
	if (members_read(node, members, &item) < 0)
		return -1;
	flag = namespace_kinds[item.kind].flag;
	if (*seen & flag)
		return value_complain(node, "a kind of its own: it is there "
					    "twice");
	*seen |= flag;
	if (!item.path)
		namespaces->own |= flag;
	else if (member_path(&path, &namespaces->joined[item.kind]) < 0)
		return -1;
	return 0;
}

static int spec_check_namespaces(const struct spec *spec)
{
	if (!(namespaces_flags(&spec->namespaces) & CLONE_NEWNS))
		return error_input("add {\"type\": \"mount\"}",
				   "config.json: linux.namespaces: without a "
				   "mount namespace there is no root file "
				   "system");
	return 0;
}

/*
 * The flags that the rest of `linux` is checked against.  A user namespace
 * that is joined has a map already: so it is not "enabled" here.
 */
static int spec_read_namespaces(struct spec *spec, const struct value *node)
{
	struct value array, item;
	uint64_t seen = 0;

	if (value_array(node, "namespaces", &array) < 0)
		return -1;
	for (size_t i = 0; i < value_count(&array); i++) {
		item = value_item(&array, i);
		if (spec_read_namespace(&spec->namespaces, &seen, &item) < 0)
			return -1;
	}
	if (spec_check_namespaces(spec) < 0)
		return -1;
	spec->clocks.own = spec->namespaces.own & CLONE_NEWTIME;
	spec->userns.enabled = spec->namespaces.own & CLONE_NEWUSER;
	return 0;
}

/* Three numbers, as a line of /proc/PID/uid_map has them. */
static const struct member map_members[] = {
	{ "containerID", member_id, MEMBER_AT(struct id_map, inside),
	  REQUIRED },
	{ "hostID", member_id, MEMBER_AT(struct id_map, outside), REQUIRED },
	{ "size", member_integer, MEMBER_AT(struct id_map, count), REQUIRED,
	  .low = 1, .high = UINT32_MAX },
	{ 0 },
};

/* Also for the map of a single mount. */
int spec_read_maps(const struct value *array, void *field)
{
	struct id_maps *maps = field;

	if (value_item_array(array) < 0)
		return -1;
	if (value_count(array) > USERNS_MAPS_MAX - 1)
		return value_complain(array, "short enough: 340 lines");
	for (size_t i = 0; i < value_count(array); i++) {
		struct value item = value_item(array, i);

		if (members_read(&item, map_members, &maps->table[i]) < 0)
			return -1;
	}
	return 0;
}

/* In a user namespace of its own, or for a mount that has one of the two. */
int spec_need_maps(const struct value *node)
{
	static const char *const keys[] = { "uidMappings", "gidMappings" };
	struct value array;

	for (size_t i = 0; i < COUNT(keys); i++) {
		if (value_require(node, keys[i]) < 0 ||
		    value_array(node, keys[i], &array) < 0)
			return -1;
		if (value_count(&array) == 0)
			return value_complain(&array, "a map: nobody would be "
						      "anybody");
	}
	return 0;
}

/* A map for nobody is a misunderstanding, and a dangerous one. */
static int spec_check_maps(const struct spec *spec, const struct value *node)
{
	struct value uids = value_member(node, "uidMappings");
	struct value gids = value_member(node, "gidMappings");
	struct value *given = value_count(&uids) ? &uids : &gids;

	if (spec->userns.enabled)
		return spec_need_maps(node);
	if (value_count(given) == 0 ||
	    namespaces_flags(&spec->namespaces) & CLONE_NEWUSER)
		return 0;
	return value_complain(given, "possible without a user namespace in "
				     "linux.namespaces");
}

/* Nanoseconds are counted forward, also from a negative second. */
static const struct member clock_members[] = {
	{ "secs", member_integer, MEMBER_AT(struct clock_offset, seconds),
	  .low = INT64_MIN, .high = INT64_MAX },
	{ "nanosecs", member_unsigned,
	  MEMBER_AT(struct clock_offset, nanoseconds), .high = 999999999 },
	{ 0 },
};

static const struct member clocks_members[] = {
	{ "monotonic", member_object, SPEC_AT(clocks.monotonic),
	  .more = clock_members },
	{ "boottime", member_object, SPEC_AT(clocks.boottime),
	  .more = clock_members },
	{ 0 },
};

/* Of a joined time namespace the clocks are set: see time_namespaces(7). */
static int spec_read_clocks(const struct value *offsets, void *field)
{
	struct spec *spec = field;

	if (value_item_object(offsets) < 0)
		return -1;
	if (!spec->clocks.own)
		return value_complain(offsets, "possible without a new time "
					       "namespace");
	return members_read(offsets, clocks_members, spec);
}

/*
 * The "r" makes no difference: the root is always made with what is below it.
 */
static const struct word propagations[] = {
	{ "", 0 },
	{ "private", MS_PRIVATE },
	{ "rprivate", MS_PRIVATE },
	{ "slave", MS_SLAVE },
	{ "rslave", MS_SLAVE },
	{ "shared", MS_SHARED },
	{ "rshared", MS_SHARED },
	{ "unbindable", MS_UNBINDABLE },
	{ "runbindable", MS_UNBINDABLE },
	{ 0 },
};

/* What is only possible in a namespace of its own. */
static int spec_read_sysctl(const struct value *value, void *field)
{
	struct spec *spec = field;

	return sysctl_read(&spec->sysctls, value, &spec->namespaces);
}

static int spec_read_net_devices(const struct value *value, void *field)
{
	struct spec *spec = field;

	return net_devices_read(&spec->net_devices, value, &spec->namespaces);
}

static int spec_read_resources(const struct value *value, void *field)
{
	return value_item_object(value) < 0 ? -1 : limits_read(field, value);
}

/*
 * The label of files on mounts that have none of their own.  It goes into the
 * options of mount(2) between quotes, hence none in it.
 */
static int spec_read_label(const struct value *label, void *field)
{
	const char **name = field;
	int is_there;

	if (member_name(label, field) < 0)
		return -1;
	if (*name && strchr(*name, '"'))
		return value_complain(label, "a label: no quotes are in one");
	is_there = *name ? lsm_has_selinux() : 1;
	if (is_there < 0)
		return -1;
	if (!is_there)
		return value_complain(label, "possible: this machine has no "
					     "SELinux");
	return 0;
}

const struct member spec_linux_members[] = {
	{ "uidMappings", spec_read_maps, SPEC_AT(userns.uids) },
	{ "gidMappings", spec_read_maps, SPEC_AT(userns.gids) },
	{ "timeOffsets", .read = spec_read_clocks },
	{ "sysctl", .read = spec_read_sysctl },
	{ "rootfsPropagation", member_word, SPEC_AT(root.propagation),
	  .more = propagations },
	{ "maskedPaths", member_paths, SPEC_AT(root.masked) },
	{ "readonlyPaths", member_paths, SPEC_AT(root.readonly) },
	{ "cgroupsPath", member_string, SPEC_AT(cgroup_path) },
	{ "devices", devices_read,
	  .offset = offsetof(struct spec, root.devices) },
	{ "mountLabel", spec_read_label, SPEC_AT(mount_label) },
	{ "netDevices", .read = spec_read_net_devices },
	{ "intelRdt", rdt_read, SPEC_AT(rdt) },
	{ "memoryPolicy", memory_policy_read, SPEC_AT(memory_policy) },
	{ "personality", member_object, SPEC_AT(persona),
	  .more = personality_members },
	{ "seccomp", filter_read, SPEC_AT(filter) },
	{ "resources", spec_read_resources, SPEC_AT(resources) },
	{ 0 },
};

/* Namespaces first: what follows asks for them. */
int spec_read_linux(const struct value *node, void *field)
{
	struct spec *spec = field;

	if (value_item_object(node) < 0 ||
	    spec_read_namespaces(spec, node) < 0 ||
	    spec_check_maps(spec, node) < 0)
		return -1;
	return members_read(node, spec_linux_members, spec);
}

/* Also if there is no `linux`, or no `resources` in it. */
int spec_check_linux(struct spec *spec)
{
	if (spec_check_namespaces(spec) < 0)
		return -1;
	return device_rules_deny(&spec->resources.rules);
}
