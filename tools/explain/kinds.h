/*
 * What a step is called, which chapter has it, and what it is in words.
 *
 * Everything that this tool can tell is a row of the tables in kinds.c.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct kind {
	const char *key;      /* "mount.private": the call, and what it is */
	const char *chapters; /* "03 04"; "": none has it */
	const char *words;
	const char *many; /* with %u: how many; NULL: the words as they are */
};

/* One kind of namespace, as clone, unshare and setns name it. */
struct space {
	uint64_t flag;
	const char *name; /* "NEWPID" */
	const char *link; /* "pid", as in /proc/PID/ns */
	const char *chapter;
	const char *noun; /* "processes" */
};

/* A failure that does not matter, and why. */
struct excuse {
	const char *key; /* the kind, or how its key begins */
	int error;
	const char *words;
};

extern const struct space spaces[]; /* ends with a flag of 0 */

/* NULL: no row has this key. */
const struct kind *kind_find(const char *key);

/* NULL: why it does not matter is not known. */
const char *kind_excuse(const char *key, int error);

/*
 * "05", "5", "cgroups" or "05-cgroups" to a chapter's number; 0 after a
 * message.
 */
int chapter_number(const char *word);
