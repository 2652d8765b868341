/* Being told that a container has run out of its memory. */
#pragma once

#include <stdbool.h>

#include "05-cgroups/beyond/existing.h"

struct oom {
	int fd;       /* to poll(2) for `events`; -1: nobody can tell */
	short events; /* POLLPRI of a file of v2, POLLIN of an eventfd of v1 */
	int control;  /* v1: the file whose event it is; or -1 */
	long long kills;
};

/* Without a limit on memory nothing happens, and that is no error. */
int oom_watch(const struct cgroup *cg, struct oom *oom);

/*
 * After poll(2): has its memory run out since the last time?  v2 tells when
 * a process was killed for it, v1 already when one is to be.  1, 0, or -1 after
 * a message.
 */
int oom_happened(struct oom *oom);
void oom_close(struct oom *oom);
