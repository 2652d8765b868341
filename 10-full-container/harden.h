/*
 * What a container must not inherit.
 *
 * A descriptor that was open when the runtime started is open in the
 * container.  If it is a directory of the host, it leads out of any root
 * (CVE-2024-21626), because a path that starts at a descriptor never passes
 * the root directory of the process.
 */
#pragma once

/*
 * In the child: let exec close every descriptor from `first` on.
 * See close_range(2), Linux 5.11.
 */
int harden_close_inherited(unsigned int first);
