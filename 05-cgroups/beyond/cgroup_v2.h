/* cgroup v2: limits whose words it does not have, or has two of. */
#pragma once

/* One limit by v2's name, or v1's.  0, or -1 with errno and no message. */
int cgroup_v2_limit(int dir, const char *file, const char *value);
