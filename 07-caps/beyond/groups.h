/* May the further groups be changed?  Not in every user namespace. */
#pragma once

#include <stddef.h>
#include <sys/types.h>

/*
 * In the child: these are all further groups that it is in; usually none.
 * Comes before the user is changed, who may not change groups any more.
 */
int groups_set(size_t count, const gid_t *groups);
