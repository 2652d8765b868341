/*
 * The story: steps in their order.  A step that a process repeats is told once
 * and counted, also where it goes round in a small circle: bind, remount,
 * bind, remount ...
 */
#pragma once

#include <stddef.h>

#include "tools/explain/step.h"

#define ROOTS_MAX 4

struct follower;

struct story {
	struct step **steps;
	size_t count, room;
	char roots[ROOTS_MAX + 1][WHAT_SIZE]; /* what became / of somebody */
	size_t root_count;
	int status;                /* the command's, as a shell says it */
	struct follower *follower; /* who is told each step; NULL: nobody */
};

/* Which chapters are asked for: 0 and 0 means all. */
struct chapters {
	int since, until;
};

/*
 * Who wants each step at once: then none is counted, and none is kept but those
 * of processes of which it is not known yet whether they are told of.
 */
struct follower {
	void (*tell)(struct follower *follower, const struct story *story,
		     const struct step *step);
};

/* Take over a step that has happened. */
void story_add(struct story *story, struct step *step);

/* A path that becomes the root: it is written ROOT from now on. */
void story_add_root(struct story *story, const char *path);

/* Is it to be told?  Forks and exits are, of processes that did something. */
bool story_tells(const struct step *step, const struct chapters *chapters);

/* What it is done on, with ROOT; its words, with how many times. */
void story_what(const struct story *story, const struct step *step,
		char what[WHAT_SIZE]);
void story_words(const struct step *step, char words[WORDS_SIZE]);

void story_free(struct story *story);
