/* A bundle: a directory with a config.json, and mostly a root file system. */
#pragma once

#include "10-full-container/life/container.h"

/* Read the bundle at `path`, and keep in the state what is to be kept. */
int bundle_take(struct container *container, const char *path);
