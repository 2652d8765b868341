/*
 * A root directory of the container's own.
 *
 * chroot(2) only changes where a path that starts with "/" begins.  The old
 * root stays mounted, and a process that holds a directory outside of the
 * new one walks out: see escape.c.  pivot_root(2) changes the root *mount*:
 * the old one moves aside, is unmounted, and nothing is left to walk to.
 *
 * Not to be confused with the kernel's "rootfs", the ramfs or tmpfs that
 * exists before any disk is mounted and that the initramfs is unpacked into.
 * A container's root file system is any directory with a system in it.
 */
#pragma once

#include "habits/options.h"
#include "03-mount/mounts.h"

enum jail { JAIL_PIVOT, JAIL_CHROOT };

struct rootfs {
	const char *path; /* NULL: stay in the host's root directory */
	enum jail jail;
};

extern const struct option_entry rootfs_options[];

/*
 * On either side: what a root file system needs beside its files: /proc, /sys,
 * and a /dev with the standard devices.  Without a path only /proc.
 */
struct mount *rootfs_default_mounts(const struct rootfs *rootfs);

/*
 * In the child, in its own private mount namespace: make `path` the root and
 * the working directory.  See chroot(2), pivot_root(2).
 */
int rootfs_enter(const struct rootfs *rootfs);

/* In the child, after the mounts: the links that programs expect in /dev. */
int rootfs_link_devices(const struct rootfs *rootfs);

/*
 * In the child, last of all that opens or needs a file: close every descriptor
 * but the first three, those of whoever started us as well.  A directory of
 * the host that stays open is a way out of any root: a path that begins at it
 * never passes ours.  See close_range(2), Linux 5.9.
 */
int rootfs_let_go(void);
