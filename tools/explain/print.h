/* The story, told: as lines for people, as JSON for programs, or two at once. */
#pragma once

#include <stdio.h>

#include "tools/explain/story.h"

#define WHO_SIZE 64

/* Columns: who, which call, on what, chapters, in words. */
void print_text(FILE *out, const struct story *story,
		const struct chapters *chapters);

/* One step; `before` is who did the one before, "" at first. */
void print_text_step(FILE *out, const struct story *story,
		     const struct step *step, char before[WHO_SIZE]);

/* One object a line, and what was not seen as the last. */
void print_json(FILE *out, const struct story *story,
		const struct chapters *chapters);

void print_json_step(FILE *out, const struct story *story,
		     const struct step *step);

/* Steps that both took stand beside each other. */
void print_beside(FILE *out, const struct story *left,
		  const struct story *right, const struct chapters *chapters);

/* The columns of a terminal; 0: there is no end of a line. */
int print_room(FILE *out);

/* A line; the cursor is where it begins, and where it goes on if it is long. */
void print_folded(FILE *out, int begin, int room, const char *text);

/* "not seen: ..." for all that could not be seen. */
void print_unseen(FILE *out);
