/*
 * Why was the filesystem not made?
 */
#pragma once

#include "03-mount/mounts.h"

/* By errno, and in the kernel's own words if `context` has any.  Returns -1. */
int why_no_filesystem(int context, const struct mount *mount);
