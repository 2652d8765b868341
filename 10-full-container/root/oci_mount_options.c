/*
 * The words that mount(8) knows, and what they are for the kernel.
 *
 * In a row of config.json's "mounts" the options are one list, as in fstab(5).
 * For the kernel they are four things, which go to four system calls:
 *
 *     what to do          bind, remount        open_tree(2), fspick(2)
 *     the mount's own     ro, nosuid           mount_setattr(2)
 *     how events spread   private, slave       the same
 *     the filesystem's    size=, mode=         fsconfig(2)
 *
 * The last are those that nobody here knows: each filesystem has its own.  The
 * list is that of config.md, "Linux mount options".
 */
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>

#include "habits/count.h"
#include "10-full-container/root/oci_mounts.h"

/* The four ways to keep access times are one field of two bits. */
#define TIME(way) MOUNT_ATTR_##way, MOUNT_ATTR__ATIME

/*
 * An attribute of the mount.  With an "r" in front each is also there for
 * all mounts below: rro, rnosuid ...
 */
static const struct {
	const char *name;
	uint64_t set, clear;
} attribute_options[] = {
	{ "ro", MOUNT_ATTR_RDONLY, 0 },
	{ "rw", 0, MOUNT_ATTR_RDONLY },
	{ "nosuid", MOUNT_ATTR_NOSUID, 0 },
	{ "suid", 0, MOUNT_ATTR_NOSUID },
	{ "nodev", MOUNT_ATTR_NODEV, 0 },
	{ "dev", 0, MOUNT_ATTR_NODEV },
	{ "noexec", MOUNT_ATTR_NOEXEC, 0 },
	{ "exec", 0, MOUNT_ATTR_NOEXEC },
	{ "nodiratime", MOUNT_ATTR_NODIRATIME, 0 },
	{ "diratime", 0, MOUNT_ATTR_NODIRATIME },
	{ "nosymfollow", MOUNT_ATTR_NOSYMFOLLOW, 0 },
	{ "symfollow", 0, MOUNT_ATTR_NOSYMFOLLOW },
	{ "relatime", TIME(RELATIME) },
	{ "norelatime", TIME(RELATIME) },
	{ "noatime", TIME(NOATIME) },
	{ "atime", TIME(RELATIME) },
	{ "strictatime", TIME(STRICTATIME) },
	{ "nostrictatime", TIME(RELATIME) },
};

static const struct {
	const char *name;
	uint64_t propagation;
} propagation_options[] = {
	{ "private", MS_PRIVATE },
	{ "slave", MS_SLAVE },
	{ "shared", MS_SHARED },
	{ "unbindable", MS_UNBINDABLE },
};

/* What to do with it: one field of struct oci_mount, or two. */
#define FIELD(name) offsetof(struct oci_mount, name)
static const struct {
	const char *name;
	size_t set[2];
} flag_options[] = {
	{ "bind", { FIELD(is_bind), FIELD(is_bind) } },
	{ "rbind", { FIELD(is_bind), FIELD(is_recursive) } },
	{ "idmap", { FIELD(is_mapped), FIELD(is_mapped) } },
	{ "ridmap", { FIELD(is_mapped), FIELD(maps_below) } },
	{ "tmpcopyup", { FIELD(copies_up), FIELD(copies_up) } },
	{ "remount", { FIELD(is_remount), FIELD(is_remount) } },
};

/* Said by habit; they change nothing here. */
static const char *const idle_options[] = { "defaults", "loud", "silent",
					    "noiversion", NULL };

/* About the filesystem as a whole: the kernel knows them for every type. */
static const char *const shared_options[] = {
	"sync", "async",  "dirsync",  "lazytime", "nolazytime",
	"mand", "nomand", "iversion", NULL
};

bool oci_mount_option_is_shared(const char *option)
{
	for (const char *const *shared = shared_options; *shared; shared++)
		if (strcmp(option, *shared) == 0)
			return true;
	return false;
}

/* Of two that contradict each other the later one counts: "ro,rw" is rw. */
static void oci_mount_set(struct mount_attr *attr, uint64_t set, uint64_t clear)
{
	attr->attr_set = (attr->attr_set & ~clear) | set;
	attr->attr_clr = (attr->attr_clr & ~set) | clear;
}

static bool oci_mount_attribute(const char *name, struct mount_attr *attr)
{
	size_t count = COUNT(attribute_options);

	for (size_t i = 0; i < count; i++) {
		if (strcmp(name, attribute_options[i].name) != 0)
			continue;
		oci_mount_set(attr, attribute_options[i].set,
			      attribute_options[i].clear);
		return true;
	}
	return false;
}

static bool oci_mount_propagation(const char *name, struct mount_attr *attr)
{
	size_t count = COUNT(propagation_options);

	for (size_t i = 0; i < count; i++) {
		if (strcmp(name, propagation_options[i].name) != 0)
			continue;
		attr->propagation = propagation_options[i].propagation;
		return true;
	}
	return false;
}

static bool oci_mount_flag(const char *name, struct oci_mount *volume)
{
	size_t count = COUNT(flag_options);

	for (size_t i = 0; i < count; i++) {
		if (strcmp(name, flag_options[i].name) != 0)
			continue;
		for (int j = 0; j < 2; j++)
			*(bool *)((char *)volume + flag_options[i].set[j]) =
				true;
		return true;
	}
	return false;
}

/*
 * First the words as they are: "remount" begins with an r and is no recursive
 * "emount", and "ro" none of "o".
 */
bool oci_mount_option(struct oci_mount *volume, const char *option)
{
	if (oci_mount_flag(option, volume))
		return true;
	for (const char *const *idle = idle_options; *idle; idle++)
		if (strcmp(option, *idle) == 0)
			return true;
	if (oci_mount_attribute(option, &volume->one) ||
	    oci_mount_propagation(option, &volume->one))
		return true;
	return option[0] == 'r' &&
	       (oci_mount_attribute(option + 1, &volume->all) ||
		oci_mount_propagation(option + 1, &volume->all));
}

/* One word, and the one for what is mounted below, if there is one. */
static void oci_mount_list(json_t *array, const char *name, bool is_recursive)
{
	char recursive[32];

	json_array_append_new(array, json_string(name));
	snprintf(recursive, sizeof(recursive), "r%s", name);
	if (is_recursive)
		json_array_append_new(array, json_string(recursive));
}

json_t *oci_mount_options_list(void)
{
	size_t flags = COUNT(flag_options);
	size_t attributes = COUNT(attribute_options);
	size_t propagations = COUNT(propagation_options);
	json_t *array = json_array();

	for (size_t i = 0; i < flags; i++)
		oci_mount_list(array, flag_options[i].name, false);
	for (size_t i = 0; i < attributes; i++)
		oci_mount_list(array, attribute_options[i].name, true);
	for (size_t i = 0; i < propagations; i++)
		oci_mount_list(array, propagation_options[i].name, true);
	for (const char *const *idle = idle_options; *idle; idle++)
		oci_mount_list(array, *idle, false);
	for (const char *const *shared = shared_options; *shared; shared++)
		oci_mount_list(array, *shared, false);
	return array;
}
