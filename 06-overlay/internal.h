/* What the files of this stage share. */
#pragma once

#include <stdbool.h>

#include "06-overlay/overlay.h"

/* A whiteout or an opaque directory: see overlay.h. */
bool overlay_is_whiteout(int dir, const char *name);
bool overlay_is_opaque(int dir);

/* lower.c: does this path exist in the layers below the upper one? */
bool overlay_exists_below(const struct overlay *overlay, const char *path);

/* diff.c: print A, C or D and the path for everything in the upper one. */
int overlay_diff(const struct overlay *overlay, int upper);

/* commit.c: pack the upper directory, which is used up by it. */
int overlay_commit(const struct overlay *overlay, int upper);
