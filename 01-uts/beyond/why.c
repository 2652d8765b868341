/*
 * EPERM of clone3(2) means one thing to an ordinary user, who is not root, and
 * another to who is root already and lacks something else.
 */
#include "01-uts/beyond/why.h"

#include <errno.h>
#include <unistd.h>

#include "habits/error.h"
#include "habits/surroundings.h"

static const struct hint clone_hints[] = {
	{ EPERM, "run as root (sudo): new namespaces need CAP_SYS_ADMIN" },
	{ EINVAL, "this kernel does not know one of the namespaces asked for" },
	{ ENOSPC, "too many namespaces: see /proc/sys/user/max_*_namespaces" },
	{ EAGAIN, "too many processes: see ulimit -u and the pids cgroup" },
	{ ENOSYS,
	  "clone3 is missing (Linux 5.3) or a seccomp filter hides it" },
	{ 0, NULL },
};

int why_no_child(const struct clone_args *args)
{
	const struct hint root_hints[] = {
		{ EPERM, surroundings_forbid(args->flags) },
		{ 0, NULL },
	};

	return error_call(errno == EPERM && geteuid() == 0 ? root_hints
							   : clone_hints,
			  "create a process in new namespaces");
}
