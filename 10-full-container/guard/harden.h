/*
 * What a container must not inherit, and must not reach.
 *
 * A descriptor that was open when the runtime started is open in the
 * container.  If it is a directory of the host, it leads out of any root
 * (CVE-2024-21626), because a path that starts at a descriptor never passes
 * the root directory of the process.
 *
 * And where this program itself runs inside, as `exec` does before it becomes
 * the command, /proc/PID/exe is the host's file of it.  Root in the container
 * could open that, wait until nobody runs it, and write (CVE-2019-5736).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/*
 * In the child, before a word of the image is looked up, and before anybody
 * inside can see us: close every descriptor from `first` on but those in
 * `kept` (-1: none).  And of 3 to `first`, which a caller wants to be left
 * open, those that are not the caller's: ours are marked close-on-exec.  Which
 * alone would not do: see rootfs_let_go() in 04-chroot/rootfs.c.
 */
int harden_close_others(unsigned int first, const int *kept, size_t count);

/*
 * In the child: have a session keyring of its own.  The kernel's keys are in
 * no namespace, and the caller's would be inherited (keyrings(7)).
 */
int harden_leave_keyring(void);

/*
 * Nobody may trace this process, or look into it by /proc/PID: it is about
 * to be seen from inside a container, and what it has in memory and open is
 * the host's (CVE-2016-9962).  A child inherits it; exec ends it.
 */
void harden_hide(void);
bool harden_is_hidden(void);

/*
 * Run this program again from a file that nobody can write: its own, on a
 * mount of its own that is read-only; or where that is not permitted, a copy
 * in memory.  Returns only if it is so already, or after a note.  (entry.c
 * has mostly done the former before the C library began.)
 */
void harden_self(char **argv);
