/*
 * mounts: each with its options, in the order they are made.
 *
 * An option is one of three things: an attribute of the mount (ro, nosuid), a
 * way to make it (rbind, idmap), or a word for the filesystem (size=64k).
 * mount(8) writes them all in one list, and so does config.json.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "10-full-container/config/spec.h"
#include "10-full-container/process/home.h"

#define NOTIFY_DIR "/run/notify"

/* The kernel labels no file of these. */
static bool spec_has_labels(const struct oci_mount *volume)
{
	static const char *const bare[] = { "proc", "sysfs", "cgroup",
					    "cgroup2", NULL };

	if (volume->is_bind || volume->is_remount || !volume->mount.type)
		return false;
	for (const char *const *type = bare; *type; type++)
		if (strcmp(volume->mount.type, *type) == 0)
			return false;
	return true;
}

/* All options that are not ours go to the filesystem, with commas. */
static int spec_add_data(struct oci_mount *volume, const char *option)
{
	size_t before = volume->data ? strlen(volume->data) + 1 : 0;
	char *longer = realloc(volume->data, before + strlen(option) + 1);

	if (!longer)
		return error_call(NULL, "read the mount options");
	if (before)
		longer[before - 1] = ',';
	memcpy(longer + before, option, strlen(option) + 1);
	volume->data = longer;
	volume->mount.data = longer;
	return 0;
}

/* linux.mountLabel: of all files in a filesystem that is made for us. */
static int spec_label_mount(const struct spec *spec, struct oci_mount *volume)
{
	CLEANUP_FREE char *option = NULL;

	if (!spec->mount_label || !spec_has_labels(volume))
		return 0;
	if (strcmp(volume->mount.type, "mqueue") == 0) {
		volume->label = spec->mount_label;
		return 0;
	}
	if (asprintf(&option, "context=\"%s\"", spec->mount_label) < 0)
		return error_call(NULL, "read linux.mountLabel");
	return spec_add_data(volume, option);
}

/* In order, since a later one can take an earlier one back: "ro", "rw". */
static int spec_read_options(struct oci_mount *volume, const struct value *node)
{
	struct value array, item;
	const char *option;

	if (value_array(node, "options", &array) < 0)
		return -1;
	for (size_t i = 0; i < value_count(&array); i++) {
		item = value_item(&array, i);
		if (value_item_string(&item, &option) < 0)
			return -1;
		if (!oci_mount_option(volume, option) &&
		    spec_add_data(volume, option) < 0)
			return -1;
	}
	return 0;
}

/*
 * What is left over is for the filesystem.  A bind mount makes none: what is
 * about the filesystem as a whole has no effect then, as in mount(8), and
 * anything else is an error.
 */
static int spec_check_data(const struct oci_mount *volume,
			   const struct value *node)
{
	char *rest = volume->data ? strdupa(volume->data) : NULL, *word;
	struct value options = { .parent = node, .key = "options" };

	options.value = json_object_get(node->value, "options");
	while (volume->is_bind && (word = strsep(&rest, ",")) != NULL)
		if (!oci_mount_option_is_shared(word))
			return value_complain(&options, "all for a bind mount");
	return 0;
}

const struct member spec_owner_members[] = {
	{ "uidMappings", spec_read_maps, MEMBER_AT(struct userns, uids) },
	{ "gidMappings", spec_read_maps, MEMBER_AT(struct userns, gids) },
	{ 0 },
};

/*
 * The mount's own map.  With one the option idmap goes without saying: the
 * specification wants it written, for the sake of older runtimes.
 */
static int spec_read_owners(struct oci_mount *volume, const struct value *node)
{
	if (!value_member(node, "uidMappings").value &&
	    !value_member(node, "gidMappings").value)
		return 0;
	volume->is_mapped = true;
	volume->owners = calloc(1, sizeof(struct userns));
	if (!volume->owners)
		return error_call(NULL, "read the map of a mount");
	volume->owners->enabled = true;
	return spec_need_maps(node) < 0
		       ? -1
		       : members_read(node, spec_owner_members, volume->owners);
}

/*
 * Without a map of its own a mount has that of the container: the same owners
 * are inside as on the disk.
 */
static int spec_choose_owners(const struct spec *spec, struct oci_mount *volume,
			      const struct value *node)
{
	struct value options = value_member(node, "options");

	if (!volume->is_mapped || volume->owners)
		return 0;
	volume->owners_path =
		namespaces_joined(&spec->namespaces, CLONE_NEWUSER);
	if (volume->owners_path)
		return 0;
	if (!spec->userns.enabled)
		return value_complain(&options, "possible with idmap: neither "
						"the mount nor the container "
						"has uidMappings");
	volume->owners = malloc(sizeof(struct userns));
	if (!volume->owners)
		return error_call(NULL, "read the map of a mount");
	*volume->owners = spec->userns;
	return 0;
}

/* Two more than there are: notify.h, and an empty one that ends the list. */
static int spec_make_mounts(struct spec *spec, size_t count)
{
	spec->root.mounts = calloc(count + 2, sizeof(struct oci_mount));
	return spec->root.mounts ? 0 : error_call(NULL, "read the mounts");
}

/*
 * What depends on parts of config.json that are read after the mounts: the
 * user namespace and the label.
 */
int spec_finish_mounts(struct spec *spec, const struct value *root)
{
	struct value array, item;

	if (!spec->root.mounts)
		return spec_make_mounts(spec, 0);
	if (value_array(root, "mounts", &array) < 0)
		return -1;
	for (size_t i = 0; i < value_count(&array); i++) {
		item = value_item(&array, i);
		if (spec_choose_owners(spec, &spec->root.mounts[i], &item) <
			    0 ||
		    spec_label_mount(spec, &spec->root.mounts[i]) < 0)
			return -1;
	}
	return 0;
}

/* A directory with files can take the root's place, by its only name. */
static bool spec_may_be_root(const struct oci_mount *volume)
{
	const char *type = volume->mount.type;

	return strcmp(volume->mount.target, "/") == 0 &&
	       (volume->is_bind || volume->is_remount ||
		(type && strcmp(type, "tmpfs") == 0));
}

/*
 * What a mount must have, when it is known what kind it is.  mount(2) itself
 * would say EINVAL to each of these.
 */
static int spec_check_mount(const struct oci_mount *volume,
			    const struct value *node)
{
	const struct mount *mount = &volume->mount;
	struct value destination = { .parent = node, .key = "destination" };

	destination.value = json_object_get(node->value, "destination");
	if (strspn(mount->target, "/.") == strlen(mount->target) &&
	    !spec_may_be_root(volume))
		return value_complain(&destination, "a path below /");
	if (volume->is_remount && volume->is_mapped)
		return value_complain(node, "possible: the owners of a mount "
					    "that is there cannot be mapped");
	if (volume->is_remount)
		return volume->is_bind ? spec_check_data(volume, node) : 0;
	if (volume->is_bind && !mount->source)
		return value_require(node, "source");
	if (!volume->is_bind && !mount->type)
		return value_require(node, "type");
	return spec_check_data(volume, node);
}

/* A bind mount's source may be relative to the bundle. */
static int spec_set_source(const struct spec *spec, struct oci_mount *volume,
			   const char *source)
{
	bool is_relative = volume->is_bind && source[0] != '/';
	char *copy = NULL;

	if (asprintf(&copy, "%s%s%s", is_relative ? spec->bundle : "",
		     is_relative ? "/" : "", source) < 0)
		return error_call(NULL, "read a mount");
	volume->mount.source = copy;
	return 0;
}

/* "dev" is /dev, and so is "/dev/": it is compared with names like that. */
static int spec_set_target(struct oci_mount *volume, const char *target)
{
	size_t length = strlen(target);

	while (length > 1 && target[length - 1] == '/')
		length--;
	volume->mount.target = target;
	if (target[0] == '/' && target[length] == '\0')
		return 0;
	if (asprintf(&volume->target, "%s%.*s", target[0] == '/' ? "" : "/",
		     (int)length, target) < 0)
		return error_call(NULL, "read a mount");
	volume->mount.target = volume->target;
	return 0;
}

struct mount_item {
	const char *target, *type, *source;
};

static const struct member mount_members[] = {
	{ "destination", member_string, MEMBER_AT(struct mount_item, target),
	  REQUIRED },
	{ "type", member_string, MEMBER_AT(struct mount_item, type) },
	{ "source", member_string, MEMBER_AT(struct mount_item, source) },
	{ 0 },
};

/*
 * The type "bind" is an option in another place: the specification knows a bind
 * mount by its options, older configs by its type.
 */
static int spec_read_mount(const struct spec *spec, struct oci_mount *volume,
			   const struct value *node)
{
	struct mount_item item = { 0 };

	if (members_read(node, mount_members, &item) < 0 ||
	    spec_set_target(volume, item.target) < 0)
		return -1;
	volume->mount.type = item.type;
	if (item.type && strcmp(item.type, "bind") == 0)
		oci_mount_option(volume, "bind");
	if (spec_read_options(volume, node) < 0 ||
	    spec_read_owners(volume, node) < 0 ||
	    (item.source && spec_set_source(spec, volume, item.source) < 0) ||
	    spec_check_mount(volume, node) < 0)
		return -1;
	volume->is_cgroup = !volume->is_bind && item.type &&
			    strcmp(item.type, "cgroup") == 0;
	return 0;
}

int spec_read_mounts(const struct value *array, void *field)
{
	struct spec *spec = field;

	if (value_item_array(array) < 0 ||
	    spec_make_mounts(spec, value_count(array)) < 0)
		return -1;
	for (size_t i = 0; i < value_count(array); i++) {
		struct value item = value_item(array, i);

		if (spec_read_mount(spec, &spec->root.mounts[i], &item) < 0)
			return -1;
	}
	return 0;
}

/* What talk/notify.h wants: one more mount, and one more variable. */
int spec_add_notify(struct spec *spec)
{
	struct oci_mount *end = spec->root.mounts;
	const char *label = spec->mount_label;

	while (end->mount.target)
		end++;
	spec->notify = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (spec->notify < 0)
		return error_call(NULL, "make a socket for NOTIFY_SOCKET");
	if (asprintf(&end->data, "mode=755,size=4k%s%s%s",
		     label ? ",context=\"" : "", label ? label : "",
		     label ? "\"" : "") < 0)
		return error_call(NULL, "make a mount for NOTIFY_SOCKET");
	end->socket = spec->notify;
	end->one.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID |
			    MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;
	end->mount.type = "tmpfs";
	end->mount.data = end->data;
	end->mount.target = NOTIFY_DIR;
	return home_add(&spec->process, "NOTIFY_SOCKET",
			NOTIFY_DIR "/" OCI_MOUNT_SOCKET);
}
