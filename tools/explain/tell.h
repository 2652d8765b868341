/*
 * What a call is in the story: one function for each kind of call.
 *
 * At a call's entry it looks at the arguments; `..._ended` at its end, when
 * the result is known and what it has made can be looked at.  A call that no
 * chapter knows gets no kind, and is no step.
 */
#pragma once

#include "tools/explain/call.h"

typedef void call_tell(struct call *call);

/* tell_spaces.c: namespaces, and processes in them */
call_tell tell_clone, tell_clone3, tell_unshare, tell_setns, tell_hostname;

/* tell_mount.c, tell_tree.c: mounts, by the old call and by the new ones */
call_tell tell_mount, tell_umount, tell_pivot_root, tell_pivot_root_ended,
	tell_chroot, tell_device;
call_tell tell_fsopen, tell_fsopen_ended, tell_fsconfig, tell_fsmount,
	tell_fsmount_ended, tell_open_tree, tell_open_tree_ended,
	tell_move_mount, tell_mount_setattr;

/* tell_files.c: files that are the kernel's, such as those of a group */
call_tell tell_write, tell_mkdir, tell_mkdirat, tell_rmdir, tell_unlinkat;

/* tell_rights.c: users, capabilities, limits */
call_tell tell_capset, tell_prctl, tell_user, tell_group, tell_groups,
	tell_keyctl, tell_rlimit, tell_personality, tell_memfd, tell_bpf;

/* tell_network.c, tell_filter.c, tell_program.c */
call_tell tell_socket, tell_send, tell_sendmsg, tell_socketcall;
call_tell tell_seccomp, tell_io_uring, tell_exec, tell_execat, tell_exec_ended,
	tell_ptrace, tell_ptrace_ended;

/*
 * A mount of this type, with what was said of it, at a place; the same for
 * both ways to mount.
 */
void tell_mounted(struct call *call, const char *type, const char *source,
		  const char *target, const char *data);

/* A file or directory that appears at another place as well. */
void tell_bound(struct call *call, const char *source, const char *target);

/* In words: "processes, mounts and IPC"; chapters and names go to the step. */
void tell_spaces(struct step *step, uint64_t flags, char *words, size_t size);
