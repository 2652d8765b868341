/*
 * A state.json that is not what was written.
 *
 * A disk that was full, a machine that lost power, somebody's hand: then the
 * file says nothing, or something else.  Nobody can work with such a container,
 * but it must be possible to get rid of it: its processes are in its group
 * (life/lost_group.c).  Which was the first one says a link beside the file, or
 * without a group nobody would.
 */
#pragma once

#include <jansson.h>

#include "habits/error.h"

/*
 * What state.json in the directory says of the container `id`, or of one that
 * has none yet.  If it cannot be believed, `why` is told and not empty, and
 * what is returned is the rest of it that can be.  NULL after a message.
 */
json_t *damage_load(int dir, const char *id, char why[ERROR_MAX]);
