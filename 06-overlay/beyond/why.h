/* Why was the mount refused? */
#pragma once

#include "06-overlay/parts.h"

/* In the child: say why, after a call that has set errno.  Returns -1. */
int why_not_mounted(const struct overlay *overlay,
		    const struct overlay_parts *parts);
