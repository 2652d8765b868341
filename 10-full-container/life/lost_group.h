/*
 * The group of a container whose state cannot be believed (talk/damage.h): its
 * processes are in it, and where it is the copy of config.json says as well.
 */
#pragma once

#include <jansson.h>

/* Into what is left of state.json, if its group is not; says nothing. */
void lost_group_find(json_t *state, int dir, const char *id);
