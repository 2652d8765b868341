/*
 * EPERM is the kernel's answer to many questions.  Each has something that can
 * be looked at, and which is looked at only when a call has failed.
 */
#include "habits/surroundings.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "habits/error.h"

static pid_t surroundings_of; /* 0: nobody has called remember() */

void surroundings_remember(void)
{
	surroundings_of = getpid();
}

/* capget(2) without libcap, which comes with stage 07. */
bool surroundings_lack_admin(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

	return geteuid() == 0 && syscall(SYS_capget, &header, data) == 0 &&
	       !(data[CAP_TO_INDEX(CAP_SYS_ADMIN)].effective &
		 CAP_TO_MASK(CAP_SYS_ADMIN));
}

/* Where a chroot ends at a mount point nothing shows it.  Linux 5.8. */
static bool surroundings_is_chroot(void)
{
	struct statx at;

	return statx(AT_FDCWD, "/", 0, 0, &at) == 0 &&
	       (at.stx_attributes_mask & STATX_ATTR_MOUNT_ROOT) &&
	       !(at.stx_attributes & STATX_ATTR_MOUNT_ROOT);
}

const char *surroundings_forbid(uint64_t flags)
{
	if (surroundings_lack_admin() && !(flags & CLONE_NEWUSER))
		return SURROUNDINGS_NO_ADMIN;
	if ((flags & CLONE_NEWUSER) && surroundings_is_chroot())
		return "no user namespace can be made in a chroot: run from "
		       "the real root";
	if (flags & CLONE_NEWUSER)
		return "a chroot, a filter of system calls or a security "
		       "module is in the way: use a virtual machine";
	return "a filter of system calls or a security module is in the way, "
	       "as in some containers: use a virtual machine";
}

/* A child may be in a new PID namespace, whose /proc is not yet mounted. */
const char *surroundings_stale_proc(void)
{
	char name[16] = "";

	if (getpid() != surroundings_of)
		return NULL;
	if (readlink("/proc/self", name, sizeof(name) - 1) < 0 && name[0] == 0)
		return access("/proc/1", F_OK) < 0
			       ? "it takes a /proc here: mount -t proc proc "
				 "/proc"
			       : "/proc is that of another PID namespace: "
				 "mount -t proc proc /proc";
	return strtol(name, NULL, 10) == surroundings_of
		       ? NULL
		       : "/proc is that of another PID namespace: mount -t "
			 "proc proc /proc (unshare --mount-proc)";
}

int surroundings_check_proc(void)
{
	const char *hint = surroundings_stale_proc();

	return hint ? error_input(hint, "/proc does not show this process") : 0;
}
