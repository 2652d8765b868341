/*
 * The table of calls.  What is not here is never stopped at: a container
 * makes thousands of calls, and some hundred are steps.
 *
 * A name that this machine's headers do not have is no call here: arm64 has no
 * mkdir, for instance, only mkdirat.
 */
#include "tools/explain/calls.h"

#include <linux/prctl.h>
#include <stdbool.h>
#include <string.h>

#include "habits/count.h"
#include "09-seccomp/beyond/syscalls.h"

#define NUMBERS 1024

const struct call_row call_rows[] = {
	{ "clone", "xxxxx", tell_clone, NULL, ALWAYS },
	{ "clone3", "xd", tell_clone3, NULL, ALWAYS },
	{ "unshare", "x", tell_unshare, NULL, ALWAYS },
	{ "setns", "fx", tell_setns, NULL, ALWAYS },
	{ "sethostname", "sd", tell_hostname, NULL, ALWAYS },
	{ "setdomainname", "sd", tell_hostname, NULL, ALWAYS },
	{ "execve", "sxx", tell_exec, tell_exec_ended, ALWAYS },
	{ "execveat", "fsxxx", tell_execat, tell_exec_ended, ALWAYS },

	{ "mount", "sssxs", tell_mount, NULL, ALWAYS },
	{ "umount2", "sx", tell_umount, NULL, ALWAYS },
	{ "umount", "s", tell_umount, NULL, ALWAYS },
	{ "pivot_root", "ss", tell_pivot_root, tell_pivot_root_ended, ALWAYS },
	{ "chroot", "s", tell_chroot, NULL, ALWAYS },
	{ "mknod", "sxx", tell_device, NULL, ALWAYS },
	{ "mknodat", "fsxx", tell_device, NULL, ALWAYS },
	{ "fsopen", "sx", tell_fsopen, tell_fsopen_ended, ALWAYS },
	{ "fsconfig", "fdssd", tell_fsconfig, NULL, ALWAYS },
	{ "fsmount", "fxx", tell_fsmount, tell_fsmount_ended, ALWAYS },
	{ "open_tree", "fsx", tell_open_tree, tell_open_tree_ended, ALWAYS },
	{ "move_mount", "fsfsx", tell_move_mount, NULL, ALWAYS },
	{ "mount_setattr", "fsxxd", tell_mount_setattr, NULL, ALWAYS },

	{ "mkdir", "sx", tell_mkdir, NULL, ALWAYS },
	{ "mkdirat", "fsx", tell_mkdirat, NULL, ALWAYS },
	{ "rmdir", "s", tell_rmdir, NULL, ALWAYS },
	{ "unlinkat", "fsx", tell_unlinkat, NULL, ALWAYS },
	{ "write", "fsd", tell_write, NULL, ONLY_SHORT },
	{ "pwrite64", "fsdd", tell_write, NULL, ONLY_SHORT },
	{ "bpf", "dxd", tell_bpf, NULL, ALWAYS },

	{ "capset", "xx", tell_capset, NULL, ALWAYS },
	{ "prctl", "dxxxx", tell_prctl, NULL, ONLY_KNOWN },
	{ "setuid", "d", tell_user, NULL, ALWAYS },
	{ "setreuid", "dd", tell_user, NULL, ALWAYS },
	{ "setresuid", "ddd", tell_user, NULL, ALWAYS },
	{ "setuid32", "d", tell_user, NULL, ALWAYS },
	{ "setreuid32", "dd", tell_user, NULL, ALWAYS },
	{ "setresuid32", "ddd", tell_user, NULL, ALWAYS },
	{ "setgid", "d", tell_group, NULL, ALWAYS },
	{ "setregid", "dd", tell_group, NULL, ALWAYS },
	{ "setresgid", "ddd", tell_group, NULL, ALWAYS },
	{ "setgid32", "d", tell_group, NULL, ALWAYS },
	{ "setregid32", "dd", tell_group, NULL, ALWAYS },
	{ "setresgid32", "ddd", tell_group, NULL, ALWAYS },
	{ "setgroups", "dx", tell_groups, NULL, ALWAYS },
	{ "setgroups32", "dx", tell_groups, NULL, ALWAYS },
	{ "keyctl", "dxxxx", tell_keyctl, NULL, ALWAYS },
	{ "setrlimit", "dx", tell_rlimit, NULL, ALWAYS },
	{ "prlimit64", "ddxx", tell_rlimit, NULL, ONLY_NEW },
	{ "personality", "x", tell_personality, NULL, ALWAYS },
	{ "memfd_create", "sx", tell_memfd, NULL, ALWAYS },

	{ "socket", "ddd", tell_socket, NULL, ONLY_NETLINK },
	{ "sendto", "fxdxxd", tell_send, NULL, ALWAYS },
	{ "sendmsg", "fxx", tell_sendmsg, NULL, ALWAYS },
	{ "socketcall", "dx", tell_socketcall, NULL, ALWAYS },
	{ "seccomp", "dxx", tell_seccomp, NULL, ALWAYS },
	{ "ptrace", "ddxx", tell_ptrace, tell_ptrace_ended, ONLY_TRACE },
	{ "io_uring_setup", "dx", tell_io_uring, NULL, ALWAYS },
	{ 0 },
};

const int call_prctl_options[] = {
	PR_SET_NO_NEW_PRIVS,    PR_CAPBSET_DROP,
	PR_CAP_AMBIENT,         PR_SET_KEEPCAPS,
	PR_SET_SECUREBITS,      PR_SET_PDEATHSIG,
	PR_SET_DUMPABLE,        PR_SET_SECCOMP,
	PR_SET_CHILD_SUBREAPER, 0,
};

/* By number, made the first time. */
const struct call_row *call_row(uint64_t number)
{
	static const struct call_row *rows[NUMBERS];
	static bool is_made;

	for (const struct call_row *row = call_rows; !is_made && row->name;
	     row++) {
		int at = syscall_number(row->name, strlen(row->name));

		if (at >= 0 && at < NUMBERS)
			rows[at] = row;
	}
	is_made = true;
	return number < NUMBERS ? rows[number] : NULL;
}
