/*
 * /dev: the names by which programs reach the kernel's drivers.
 *
 * A device file is a type and two numbers, which say who answers: 1:3 is what
 * /dev/null is, on every Linux and whatever the file is called.  Six of them
 * are harmless, and no program gets far without.
 */
#pragma once

#include "03-mount/mounts.h"

#define DEV_FILES 6

struct dev_file {
	const char *path; /* NULL ends the table */
	unsigned int major, minor;
};

struct dev_link {
	const char *path; /* NULL ends the table */
	const char *target;
};

extern const struct dev_file dev_files[];
extern const struct dev_link dev_links[];

/* On either side: fill DEV_FILES rows, which bind the host's files. */
void dev_bind(struct mount *rows);

/* In the child, after the mounts: make the links. */
int dev_link(void);
