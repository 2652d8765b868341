/*
 * What a container changed: its upper directory, compared with what is below.
 *
 * A deletion in there is a whiteout, a character device with number 0, 0.  A
 * directory that was removed and made again is opaque: an extended attribute
 * says that nothing below it shows through.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* One thing that is not as it was in the layers. */
struct change {
	char *path;        /* "./etc/motd" */
	char kind;         /* 'A' added, 'C' changed, 'D' deleted */
	bool is_directory; /* of the upper directory */
	bool is_opaque;    /* a directory that hides what was in it below */
	bool hides;        /* ... or one above it does */
	bool is_hidden;    /* deleted, because a directory above is opaque */
};

struct changes {
	struct change *list;
	size_t count;
};

/* Compare the upper directory with what is below it, sorted by path. */
int diff_find(struct changes *changes, int upper, int below,
	      const char *opaque_attribute);

/* As `docker diff` prints it: "C /etc", "A /etc/new".  -1: it was not. */
int diff_print(const struct changes *changes);

void diff_free(struct changes *changes);
