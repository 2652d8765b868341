/*
 * What the mount is made of: descriptors, so that it does not matter where
 * the directories are, what their names are, or what is mounted over them.
 */
#pragma once

#include "06-overlay/overlay.h"

struct overlay_parts {
	int layers[OVERLAY_LAYERS_MAX + 1];
	int count;
	int upper, work;
	bool is_userxattr; /* marks are "user.overlay.*", not "trusted." */
};

/* In the child: one mount(2) of the layers, with these `others` of options. */
int overlay_mount(const struct overlay *overlay,
		  const struct overlay_parts *parts, const char *others);
