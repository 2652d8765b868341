/*
 * mounts: the stages' tables, in config.json's words.
 *
 * Attributes become words of mount(8); the file system's own options follow
 * them in the same list, as the specification has it.
 */
#include <linux/mount.h>
#include <stdlib.h>
#include <string.h>

#include "habits/count.h"
#include "10-full-container/config/spec_write.h"
#include "10-full-container/guard/json.h"
#include "10-full-container/ipc.h"

static const struct {
	uint64_t attribute;
	const char *option, *recursive;
} attribute_words[] = {
	{ MOUNT_ATTR_RDONLY, "ro", "rro" },
	{ MOUNT_ATTR_NOSUID, "nosuid", "rnosuid" },
	{ MOUNT_ATTR_NODEV, "nodev", "rnodev" },
	{ MOUNT_ATTR_NOEXEC, "noexec", "rnoexec" },
};

/* A stage's bind mount is recursive, and so are its attributes. */
static json_t *spec_write_options(const struct mount *mount, bool is_bind)
{
	json_t *options = json_words(
		is_bind ? "rbind,rprivate" : (mount->data ? mount->data : ""));
	size_t count = COUNT(attribute_words);

	for (size_t i = 0; i < count; i++)
		if (mount->attributes & attribute_words[i].attribute)
			json_array_append_new(
				options,
				json_string(
					is_bind ? attribute_words[i].recursive
						: attribute_words[i].option));
	return options;
}

static json_t *spec_write_mount(const struct mount *mount, bool is_bind)
{
	const char *type = is_bind ? "none" : mount->type;
	const char *source = is_bind ? mount->source : mount->type;
	char *absolute = is_bind ? realpath(source, NULL) : NULL;
	json_t *object;

	object = json_pack("{s:s, s:s, s:s, s:o}", "destination", mount->target,
			   "type", type, "source", absolute ? absolute : source,
			   "options", spec_write_options(mount, is_bind));
	free(absolute);
	return object;
}

/* The devices are not listed: a runtime makes them unasked. */
static void spec_write_table(json_t *list, const struct mount *table,
			     bool has_own_network)
{
	for (const struct mount *m = table; m->target; m++) {
		struct mount mount = *m;
		bool is_sysfs = m->type && strcmp(m->type, "sysfs") == 0;

		if (!m->type && strncmp(m->target, "/dev/", 5) == 0)
			continue;
		/* sysfs shows a network, and may be mounted by its owner. */
		if (is_sysfs && !has_own_network)
			mount.source = m->instead;
		json_array_append_new(
			list, spec_write_mount(&mount, mount.source != NULL));
	}
}

/*
 * What a stage mounts unasked, then /sys/fs/cgroup, then what the user wants:
 * the order of the list is the order of the mounts.
 */
json_t *spec_write_mounts(const struct last_stage *s)
{
	struct rootfs own_root = { .path = "/" };
	bool has_own_network = s->net.kind != NET_HOST || !s->userns.enabled;
	json_t *list = json_array();

	spec_write_table(list, rootfs_default_mounts(&own_root),
			 has_own_network);
	spec_write_table(list, ipc_mounts(true), true);
	json_array_append_new(list,
			      json_pack("{s:s, s:s, s:s, s:[s, s, s, s]}",
					"destination", "/sys/fs/cgroup", "type",
					"cgroup", "source", "cgroup", "options",
					"nosuid", "noexec", "nodev", "ro"));
	spec_write_table(list, s->mounts.table, true);
	return list;
}
