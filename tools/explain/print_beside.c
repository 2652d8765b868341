/*
 * What both did is found as diff(1) does it: the longest row of steps that is
 * in both stories in this order.  Steps are the same if their kinds are.
 */
#include <stdlib.h>
#include <string.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "tools/explain/print.h"
#include "tools/explain/unseen.h"

#define SIDE     46 /* the width of a side */
#define ROWS_MAX 16000000

/* The steps that are told, of one story. */
struct side {
	const struct story *story;
	const struct step **steps;
	size_t count;
	unsigned int same, elsewhere, alone;
};

/* The lengths of the rows that both have from step i and step j on. */
struct rows {
	unsigned int *length;
	size_t width;
};

static int side_make(struct side *side, const struct story *story,
		     const struct chapters *chapters)
{
	side->story = story;
	side->steps = calloc(story->count + 1, sizeof(void *));
	if (!side->steps)
		return error_call(NULL, "set two stories side by side");
	for (size_t i = 0; i < story->count; i++)
		if (story_tells(story->steps[i], chapters) &&
		    strcmp(story->steps[i]->kind, "fork") != 0)
			side->steps[side->count++] = story->steps[i];
	return 0;
}

/* "clone NEWPID" and "clone NEWPID NEWNS" are the same step, more or less. */
static bool side_is_same(const struct step *a, const struct step *b)
{
	size_t length = strcspn(a->kind, " ");

	return length == strcspn(b->kind, " ") &&
	       strncmp(a->kind, b->kind, length) == 0 && !a->error == !b->error;
}

/* Does the other one do it as well, earlier or later? */
static bool side_has(const struct side *side, const struct step *step)
{
	for (size_t i = 0; i < side->count; i++)
		if (side_is_same(side->steps[i], step))
			return true;
	return false;
}

static int rows_make(struct rows *rows, const struct side *a,
		     const struct side *b)
{
	rows->width = b->count + 1;
	if (rows->width > ROWS_MAX / (a->count + 1))
		return error_input("--since and --until leave out chapters",
				   "%zu and %zu steps are too many to set them "
				   "side by side",
				   a->count, b->count);
	rows->length =
		calloc((a->count + 1) * rows->width, sizeof(*rows->length));
	return rows->length ? 0
			    : error_call(NULL, "set two stories side by side");
}

static unsigned int *rows_at(const struct rows *rows, size_t i, size_t j)
{
	return &rows->length[i * rows->width + j];
}

static void rows_fill(const struct rows *rows, const struct side *a,
		      const struct side *b)
{
	for (size_t i = a->count; i-- > 0;) {
		for (size_t j = b->count; j-- > 0;) {
			unsigned int down = *rows_at(rows, i + 1, j);
			unsigned int right = *rows_at(rows, i, j + 1);

			if (side_is_same(a->steps[i], b->steps[j]))
				*rows_at(rows, i, j) =
					*rows_at(rows, i + 1, j + 1) + 1;
			else
				*rows_at(rows, i, j) =
					down > right ? down : right;
		}
	}
}

static void side_text(const struct side *side, const struct step *step,
		      char text[WHAT_SIZE])
{
	char what[WHAT_SIZE];

	text[0] = '\0';
	if (!step)
		return;
	story_what(side->story, step, what);
	snprintf(text, WHAT_SIZE, "%s %.180s", step->call, what);
	if (step->error)
		snprintf(text + strlen(text), WHAT_SIZE - strlen(text), " %s",
			 step_error(step));
	else if (step->count > 1)
		snprintf(text + strlen(text), WHAT_SIZE - strlen(text), " (%u)",
			 step->count);
	if (strlen(text) > SIDE)
		memcpy(text + SIDE - 3, "...", 4);
}

/*
 * Between the sides: "=" both, "<" only the left one, ">" only the right one;
 * "~" the other one does it elsewhere.
 */
static void side_print(FILE *out, struct side *a, const struct step *x,
		       struct side *b, const struct step *y)
{
	const struct step *either = x ? x : y;
	bool is_elsewhere;
	char left[WHAT_SIZE], right[WHAT_SIZE];

	if (!either)
		return;
	is_elsewhere = (!x || !y) && side_has(x ? b : a, either);
	side_text(a, x, left);
	side_text(b, y, right);
	if (x && y)
		a->same++;
	else if (is_elsewhere)
		(x ? a : b)->elsewhere++;
	else
		(x ? a : b)->alone++;
	fprintf(out, "%-12s %-*s %c%s%s%s\n", either->chapters, SIDE, left,
		!y   ? '<'
		: !x ? '>'
		     : '=',
		is_elsewhere ? "~" : "",
		!y             ? ""
		: is_elsewhere ? " "
			       : "  ",
		right);
}

static void side_print_all(FILE *out, const struct rows *rows, struct side *a,
			   struct side *b)
{
	size_t i = 0, j = 0;

	while (i < a->count || j < b->count) {
		if (i < a->count && j < b->count &&
		    side_is_same(a->steps[i], b->steps[j])) {
			side_print(out, a, a->steps[i], b, b->steps[j]);
			i++, j++;
		} else if (j == b->count ||
			   (i < a->count && *rows_at(rows, i + 1, j) >=
						    *rows_at(rows, i, j + 1))) {
			side_print(out, a, a->steps[i++], b, NULL);
		} else {
			side_print(out, a, NULL, b, b->steps[j++]);
		}
	}
	fprintf(out,
		"= both: %u; ~ both, in another order: %u and %u; "
		"< only the left: %u; > only the right: %u\n",
		a->same, a->elsewhere, b->elsewhere, a->alone, b->alone);
}

void print_beside(FILE *out, const struct story *left,
		  const struct story *right, const struct chapters *chapters)
{
	struct side a = { 0 }, b = { 0 };
	struct rows rows = { 0 };

	if (side_make(&a, left, chapters) == 0 &&
	    side_make(&b, right, chapters) == 0 &&
	    rows_make(&rows, &a, &b) == 0) {
		rows_fill(&rows, &a, &b);
		side_print_all(out, &rows, &a, &b);
		print_unseen(out);
	}
	free(rows.length);
	free(a.steps);
	free(b.steps);
}
