/* Flags by the names that the system's headers give them. */
#pragma once

#include "tools/explain/step.h"

struct flag {
	uint64_t value;
	const char *name; /* NULL ends a table */
};

/* Append the names of those that are set. */
void flags_tell(struct step *step, const struct flag *flags, uint64_t value);

extern const struct flag flags_of_mount[];      /* mount(2): MS_... */
extern const struct flag flags_of_attributes[]; /* MOUNT_ATTR_... */
extern const struct flag flags_of_umount[];     /* MNT_... */
