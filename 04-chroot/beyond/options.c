/*
 * What --rootfs and --jail understand.
 */
#include <stddef.h>
#include <string.h>

#include "habits/error.h"
#include "04-chroot/rootfs.h"

/*
 * chroot is here to be broken out of, and for a system that runs from its
 * initramfs, where pivot_root(2) cannot work.
 */
static int rootfs_parse_jail(void *field, const char *name, const char *value)
{
	enum jail *jail = field;

	*jail = JAIL_PIVOT;
	if (strcmp(value, "pivot") == 0)
		return 0;
	*jail = JAIL_CHROOT;
	if (strcmp(value, "chroot") == 0)
		return 0;
	return error_input("one of: pivot, chroot",
			   "option --%s: there is no jail \"%s\"", name, value);
}

const struct option_entry rootfs_options[] = {
	{ 'r', "rootfs", "DIR", "the directory that becomes /", option_string,
	  offsetof(struct rootfs, path) },
	{ 'j', "jail", "pivot|chroot", "how to enter it (default: pivot)",
	  rootfs_parse_jail, offsetof(struct rootfs, jail) },
	{ 0 },
};
