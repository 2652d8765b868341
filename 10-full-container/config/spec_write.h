/*
 * The way back: what options say becomes a config.json.
 *
 * Whatever has no word in config.json is refused, rather than left out: it
 * is for an engine to do (layers, networks), or the config would be less
 * than what the options asked for.
 */
#pragma once

#include <jansson.h>

#include "10-full-container/last_stage.h"

/* The whole document; NULL after a message. */
json_t *spec_write(struct last_stage *stages);

/* The one for who asks for nothing in particular; the same. */
json_t *spec_write_usual(void);

/* maskedPaths and readonlyPaths.  -1 without a message. */
int spec_write_paths(json_t *linux_node);

/* The parts.  Jansson's functions take NULL, so only the end is checked. */
json_t *spec_write_mounts(const struct last_stage *stages);
json_t *spec_write_resources(const struct cgroup_setting *settings);
json_t *spec_write_seccomp(const struct seccomp *seccomp,
			   uint64_t capabilities);
