#include "10-full-container/ipc.h"

#include <linux/mount.h>
#include <unistd.h>

static struct mount queues[] = {
	{ .target = "/dev/mqueue",
	  .type = "mqueue",
	  .attributes =
		  MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC },
	{ 0 },
};

static struct mount nothing[] = { { 0 } };

struct mount *ipc_mounts(bool own_root)
{
	return own_root || access("/dev/mqueue", F_OK) == 0 ? queues : nothing;
}
