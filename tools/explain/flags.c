/*
 * As mount(8) writes them, where it has a word: "ro", not "RDONLY".
 */
#include "tools/explain/flags.h"

#include <linux/mount.h>
#include <sys/mount.h>

const struct flag flags_of_mount[] = {
	{ MS_RDONLY, "ro" },
	{ MS_NOSUID, "nosuid" },
	{ MS_NODEV, "nodev" },
	{ MS_NOEXEC, "noexec" },
	{ MS_NOATIME, "noatime" },
	{ MS_REC, "recursive" },
	{ 0 },
};

const struct flag flags_of_attributes[] = {
	{ MOUNT_ATTR_RDONLY, "ro" },       { MOUNT_ATTR_NOSUID, "nosuid" },
	{ MOUNT_ATTR_NODEV, "nodev" },     { MOUNT_ATTR_NOEXEC, "noexec" },
	{ MOUNT_ATTR_NOATIME, "noatime" }, { 0 },
};

const struct flag flags_of_umount[] = {
	{ MNT_FORCE, "by force" },
	{ MNT_DETACH, "detached" },
	{ 0 },
};

void flags_tell(struct step *step, const struct flag *flags, uint64_t value)
{
	for (; flags->name; flags++)
		if (value & flags->value)
			step_what(step, "%s", flags->name);
}
