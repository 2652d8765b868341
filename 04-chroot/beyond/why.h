/*
 * Why was the root not changed?
 */
#pragma once

#include "habits/error.h"

/* pivot_root(2) refused `path`: say why, by errno and by `hints`.  -1. */
int why_no_pivot(const char *path, const struct hint *hints);
