/*
 * The mount calls of Linux 5.2 and 5.12, which glibc wraps since 2.36 only.
 *
 * A macro takes precedence over a function of the same name, so this works
 * with and without glibc's.  See fsopen(2), open_tree(2), move_mount(2),
 * mount_setattr(2).
 */
#pragma once

#include <sys/syscall.h>
#include <unistd.h>

#define mounts_call(...) ((int)syscall(__VA_ARGS__))

#define fsopen(type, flags) mounts_call(SYS_fsopen, type, flags)
#define fsconfig(fd, command, key, value, aux) \
	mounts_call(SYS_fsconfig, fd, command, key, value, aux)
#define fspick(dirfd, path, flags) mounts_call(SYS_fspick, dirfd, path, flags)
#define fsmount(fd, flags, attributes) \
	mounts_call(SYS_fsmount, fd, flags, attributes)
#define open_tree(dirfd, path, flags) \
	mounts_call(SYS_open_tree, dirfd, path, flags)
#define move_mount(from, from_path, to, to_path, flags) \
	mounts_call(SYS_move_mount, from, from_path, to, to_path, flags)
#define mount_setattr(dirfd, path, flags, attr, size) \
	mounts_call(SYS_mount_setattr, dirfd, path, flags, attr, size)
