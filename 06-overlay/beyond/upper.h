/*
 * Where may the changes go?  The directory that --upper names is to be kept:
 * it must be on a mount that can hold it, and be nobody else's.  The kernel
 * only warns when two containers use the same.
 */
#pragma once

#include "06-overlay/parts.h"

struct upper; /* NULL: there is no --upper, and nothing to do */

/* In the parent, before there is a child: lock it, make the work directory. */
int upper_claim(struct overlay *overlay);

/*
 * In the parent, before there is a child: the directory that the merged one
 * will cover, to be freed.  NULL after a message.
 */
char *upper_place(const char *lowest_layer);

/* In the child: open it and its work directory. */
int upper_open(const struct upper *kept, struct overlay_parts *parts);

/* In the child: must marks be attributes "user.*"?  Says if none are kept. */
bool upper_wants_userxattr(int work);

/* In the child: its copy of the lock. */
void upper_let_go(const struct upper *kept);

/* After it: remove the work directory, then the lock. */
void upper_remove(struct overlay *overlay);
