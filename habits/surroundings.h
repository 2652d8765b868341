/*
 * What is around the program, and makes a system call fail for a reason that
 * its errno does not tell: a chroot, a container, a /proc of others.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define SURROUNDINGS_NO_ADMIN                                           \
	"this root has no CAP_SYS_ADMIN, as in most containers: use a " \
	"virtual "                                                      \
	"machine, or a container with --privileged"
#define SURROUNDINGS_CHROOT                                                \
	"/ is not a mount point here: run from the real root, not from a " \
	"chroot"

/* Whose /proc counts: call it in the process that the user started. */
void surroundings_remember(void);

/* Does the caller act as root, and has not the capability for namespaces? */
bool surroundings_lack_admin(void);

/* Why can root make no process with these namespaces (flags of clone3)? */
const char *surroundings_forbid(uint64_t flags);

/*
 * Is /proc that of this PID namespace?  If not, numbers in it are those of
 * other processes.  NULL, or what to do; the second is an error, 0 or -1.
 */
const char *surroundings_stale_proc(void);
int surroundings_check_proc(void);
