/*
 * What was changed?  Only the child sees both the upper directory and what is
 * below it, only the parent is there when the command has ended.  So the child
 * hands descriptors over, which keep the mounts alive, though their mount
 * table is gone.
 */
#pragma once

#include "06-overlay/parts.h"

struct report; /* NULL: nobody has asked */

/* In the parent, before there is a child: open the file of --commit. */
int report_prepare(struct overlay *overlay);

/* In the child: a copy of what is below the upper directory, and that. */
int report_hand_over(const struct overlay *overlay,
		     const struct overlay_parts *parts);

/* In the child: what it has inherited of this. */
void report_let_go(const struct report *report);

/* After it: print or write the changes. */
int report_tell(const struct overlay *overlay);

/* After it: remove a file that nothing was written to. */
void report_remove(struct overlay *overlay);
