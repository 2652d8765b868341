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

#include "habits/error.h"
#include "10-full-container/config/spec.h"

/* With a path it is joined, without one it is made. */
static int spec_read_namespace(struct namespaces *namespaces, uint64_t *seen,
			       const struct value *node)
{
	const char *names[NAMESPACE_KINDS + 1] = { NULL }, *path = NULL;
	size_t kind = 0;

	for (int i = 0; i < NAMESPACE_KINDS; i++)
		names[i] = namespace_kinds[i].name;
	if (value_item_object(node) < 0 || value_require(node, "type") < 0 ||
	    value_word(node, "type", names, &kind) < 0 ||
	    value_string(node, "path", &path) < 0)
		return -1;
	if (*seen & namespace_kinds[kind].flag)
		return value_complain(node, "a kind of its own: it is there "
					    "twice");
	*seen |= namespace_kinds[kind].flag;
	if (path && path[0] && value_absolute(node, "path", &path) < 0)
		return -1;
	if (path && path[0])
		namespaces->joined[kind] = path;
	else
		namespaces->own |= namespace_kinds[kind].flag;
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
	if (!(seen & CLONE_NEWNS))
		return error_input("add {\"type\": \"mount\"}",
				   "config.json: linux.namespaces: without a "
				   "mount namespace there is no root file "
				   "system");
	spec->clocks.own = spec->namespaces.own & CLONE_NEWTIME;
	spec->userns.enabled = spec->namespaces.own & CLONE_NEWUSER;
	return 0;
}

/* Three numbers, as a line of /proc/PID/uid_map has them. */
static int spec_read_map(struct id_map *map, const struct value *node)
{
	int64_t count = 0;

	if (value_item_object(node) < 0 ||
	    value_require(node, "containerID") < 0 ||
	    value_require(node, "hostID") < 0 ||
	    value_require(node, "size") < 0 ||
	    value_id(node, "containerID", &map->inside) < 0 ||
	    value_id(node, "hostID", &map->outside) < 0 ||
	    value_integer(node, "size", 1, UINT32_MAX, &count) < 0)
		return -1;
	map->count = (uint32_t)count;
	return 0;
}

/* Also for the map of a single mount: there it may be absent. */
int spec_read_maps(const struct value *node, const char *key,
		   struct id_maps *maps, bool is_needed)
{
	struct value array, item;

	if (value_array(node, key, &array) < 0)
		return -1;
	if (is_needed && !array.value)
		return value_require(node, key);
	if (is_needed && value_count(&array) == 0)
		return value_complain(&array, "a map: nobody would be anybody");
	if (value_count(&array) > USERNS_MAPS_MAX - 1)
		return value_complain(&array, "short enough: 340 lines");
	for (size_t i = 0; i < value_count(&array); i++) {
		item = value_item(&array, i);
		if (spec_read_map(&maps->table[i], &item) < 0)
			return -1;
	}
	return 0;
}

/* A map for nobody is a misunderstanding, and a dangerous one. */
static int spec_check_maps(const struct spec *spec, const struct value *node)
{
	struct value uids = value_member(node, "uidMappings");
	struct value gids = value_member(node, "gidMappings");
	struct value *given = value_count(&uids) ? &uids : &gids;

	if (value_count(given) == 0 ||
	    namespaces_flags(&spec->namespaces) & CLONE_NEWUSER)
		return 0;
	return value_complain(given, "possible without a user namespace in "
				     "linux.namespaces");
}

/* Nanoseconds are counted forward, also from a negative second. */
static int spec_read_clock(const struct value *node, const char *key,
			   struct clock_offset *offset)
{
	uint64_t nanoseconds = 0;
	struct value clock;

	if (value_object(node, key, &clock) < 0 ||
	    value_integer(&clock, "secs", INT64_MIN, INT64_MAX,
			  &offset->seconds) < 0 ||
	    value_unsigned(&clock, "nanosecs", 999999999, &nanoseconds) < 0)
		return -1;
	offset->nanoseconds = (uint32_t)nanoseconds;
	return 0;
}

/* Of a joined time namespace the clocks are set: see time_namespaces(7). */
static int spec_read_clocks(struct spec *spec, const struct value *node)
{
	struct value offsets;

	if (value_object(node, "timeOffsets", &offsets) < 0)
		return -1;
	if (offsets.value && !spec->clocks.own)
		return value_complain(&offsets, "possible without a new time "
						"namespace");
	if (spec_read_clock(&offsets, "monotonic", &spec->clocks.monotonic) <
		    0 ||
	    spec_read_clock(&offsets, "boottime", &spec->clocks.boottime) < 0)
		return -1;
	return 0;
}

/*
 * The "r" makes no difference: the root is always made with what is below it.
 */
static int spec_read_propagation(struct spec *spec, const struct value *node)
{
	static const char *const words[] = {
		"",       "private", "rprivate",   "slave",       "rslave",
		"shared", "rshared", "unbindable", "runbindable", NULL
	};
	static const uint64_t flags[] = {
		0,         MS_PRIVATE, MS_PRIVATE,    MS_SLAVE,      MS_SLAVE,
		MS_SHARED, MS_SHARED,  MS_UNBINDABLE, MS_UNBINDABLE,
	};
	size_t word = 0;

	if (value_word(node, "rootfsPropagation", words, &word) < 0)
		return -1;
	spec->root.propagation = flags[word];
	return 0;
}

/* Absolute ones: relative to what else? */
static int spec_read_paths(const struct value *node, const char *key,
			   char ***paths)
{
	struct value array = value_member(node, key);

	if (value_strings(node, key, paths) < 0)
		return -1;
	for (size_t i = 0; i < value_count(&array); i++) {
		struct value item = value_item(&array, i);

		if ((*paths)[i][0] != '/')
			return value_complain(&item, "an absolute path");
	}
	return 0;
}

/*
 * The label of files on mounts that have none of their own.  It goes into the
 * options of mount(2) between quotes, hence none in it.
 */
static int spec_read_label(struct spec *spec, const struct value *node)
{
	struct value label = value_member(node, "mountLabel");
	int is_there;

	if (value_string(node, label.key, &spec->mount_label) < 0)
		return -1;
	if (spec->mount_label && !spec->mount_label[0])
		spec->mount_label = NULL;
	if (spec->mount_label && strchr(spec->mount_label, '"'))
		return value_complain(&label, "a label: no quotes are in one");
	is_there = spec->mount_label ? lsm_has_selinux() : 1;
	if (is_there < 0)
		return -1;
	if (!is_there)
		return value_complain(&label, "possible: this machine has no "
					      "SELinux");
	return 0;
}

/* Namespaces first: what follows asks for them. */
int spec_read_linux(struct spec *spec, const struct value *root)
{
	struct value node, resources;
	bool own_users;

	if (value_object(root, "linux", &node) < 0 ||
	    spec_read_namespaces(spec, &node) < 0)
		return -1;
	own_users = spec->userns.enabled;
	if (spec_read_maps(&node, "uidMappings", &spec->userns.uids,
			   own_users) < 0 ||
	    spec_read_maps(&node, "gidMappings", &spec->userns.gids,
			   own_users) < 0 ||
	    spec_check_maps(spec, &node) < 0 ||
	    spec_read_clocks(spec, &node) < 0 ||
	    sysctl_read(&spec->sysctls, &node, &spec->namespaces) < 0 ||
	    spec_read_propagation(spec, &node) < 0 ||
	    spec_read_paths(&node, "maskedPaths", &spec->root.masked) < 0 ||
	    spec_read_paths(&node, "readonlyPaths", &spec->root.readonly) < 0 ||
	    value_string(&node, "cgroupsPath", &spec->cgroup_path) < 0 ||
	    devices_read(&spec->root.devices, &node) < 0 ||
	    spec_read_label(spec, &node) < 0 ||
	    net_devices_read(&spec->net_devices, &node, &spec->namespaces) <
		    0 ||
	    rdt_read(&spec->rdt, &node) < 0 ||
	    memory_policy_read(&spec->memory_policy, &node) < 0 ||
	    personality_read(&spec->persona, &node) < 0 ||
	    filter_read(&spec->filter, &node) < 0)
		return -1;
	if (value_object(&node, "resources", &resources) < 0 ||
	    limits_read(&spec->resources, &resources) < 0)
		return -1;
	return device_rules_deny(&spec->resources.rules);
}
