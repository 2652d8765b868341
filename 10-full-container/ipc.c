/*
 * POSIX message queues as files: each IPC namespace has its own, and a mount
 * of mqueue shows the one of the process that mounts it.  See mq_overview(7).
 */
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
