/* Who writes a map that the kernel refuses to the caller? */
#pragma once

#include <stdbool.h>

#include "07-caps/userns.h"

/*
 * In the parent: may the kernel not be asked directly?  `own` is the caller's
 * own id, and `privileged` who has CAP_SETUID or CAP_SETGID.
 */
bool newuidmap_is_needed(const struct id_maps *maps, uint32_t own,
			 bool privileged);

/*
 * In the parent, the child waits: run `helper`, newuidmap or newgidmap, with
 * the numbers of `text`, which is changed.
 */
int newuidmap_run(const char *helper, pid_t pid, char *text);
