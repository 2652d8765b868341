/*
 * The kernel's files about processes, and no others.
 *
 * Some files below /proc change what a process may do: oom_score_adj,
 * sys/..., attr/exec.  If /proc is not what it seems, such a write goes
 * nowhere, and nobody hears of it (CVE-2019-16884), or it goes to a file that
 * does harm (CVE-2025-52881).  So /proc is checked, and whatever is looked
 * for in it must not leave that one mount.
 */
#pragma once

#include <stdint.h>

/* The root of the host's /proc, checked; close() it.  -1 after a message. */
int procfs_root(void);

/*
 * Open a file of it: "self/oom_score_adj".  -1 without a message: EXDEV means
 * that something is mounted over the file, ELOOP that a link leads away.
 */
int procfs_open_below(int root, const char *path, uint64_t flags);

/*
 * For who needs many (stage 10): check it once, while the mounts are still the
 * host's, and keep it open.  A second call does nothing.  -1 after a message.
 */
int procfs_keep(void);

/* The same in the one that is kept. */
int procfs_open(const char *path, uint64_t flags);

/* This process's number where /proc is from: the host.  0: unknown. */
int procfs_own_pid(void);

/* Its descriptor is closed now, and there is no way back to the host's. */
void procfs_let_go(void);

/* Open what an O_PATH descriptor stands for, now that it is known. */
int procfs_reopen(int fd, int flags);
