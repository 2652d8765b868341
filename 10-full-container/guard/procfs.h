/*
 * The kernel's files about processes, and no others.
 *
 * Some files below /proc change what a process may do: oom_score_adj,
 * sys/..., attr/exec.  If /proc is not what it seems, such a write goes
 * nowhere, and nobody hears of it (CVE-2019-16884), or it goes to a file that
 * does harm (CVE-2025-52881).  So the host's /proc is checked once and kept
 * open, and whatever is looked for in it must not leave that one mount.
 */
#pragma once

#include <stdint.h>

/*
 * Check /proc and keep it.  Called while the mounts are still the host's;
 * a second call does nothing.  -1 after a message.
 */
int procfs_keep(void);

/*
 * Open a file of it: "self/oom_score_adj".  -1 without a message: EXDEV means
 * that something is mounted over the file, ELOOP that a link leads away.
 */
int procfs_open(const char *path, uint64_t flags);

/* This process's number where /proc is from: the host.  0: unknown. */
int procfs_own_pid(void);

/* Its descriptor is closed now, and there is no way back to the host's. */
void procfs_let_go(void);

/* Open what an O_PATH descriptor stands for, now that it is known. */
int procfs_reopen(int fd, int flags);
