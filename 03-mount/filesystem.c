/*
 * A filesystem is configured option by option, and then made.
 *
 * mount(2) takes all options as one string, and its one errno has to stand
 * for each of them.  Here each is a call of its own: "size=1m" is a key with a
 * value, "ro" a flag.  So an error is about one option.
 */
#include "03-mount/filesystem.h"

#include <linux/mount.h>
#include <stddef.h>

#include "03-mount/beyond/words.h"
#include "03-mount/syscalls.h"

/* The last call makes the filesystem, of all that was said before. */
static int filesystem_configure(int context, const struct mount *mount)
{
	/* What findmnt(8) and /proc/mounts show as the device. */
	if (fsconfig(context, FSCONFIG_SET_STRING, "source",
		     mount->source ? mount->source : mount->type, 0) < 0)
		return -1;
	if (mount->data && words_set(context, mount->data) < 0)
		return -1;
	return fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
}

int filesystem_mount(int context, const struct mount *mount)
{
	if (context < 0 || filesystem_configure(context, mount) < 0)
		return -1;
	return fsmount(context, FSMOUNT_CLOEXEC,
		       (unsigned int)mount->attributes);
}
