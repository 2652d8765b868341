/*
 * What both did is found as diff(1) does it: the longest row of steps that is
 * in both stories in this order, and of several as long the one whose pairs are
 * the most alike.  Steps are the same if their kinds are.
 */
#include <stdlib.h>
#include <string.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "tools/explain/print.h"
#include "tools/explain/text.h"

#define SIDE_USUAL 46 /* the width of a side where there is no terminal */
#define SIDE_LEAST 12
#define SIDE_WITH  20 /* narrower sides need the room of the chapters */
#define BETWEEN    4  /* the mark, and blanks */

#define ROWS_MAX 16000000
#define PAIR     (1U << 14) /* more than all that is alike together */

/* A step that is told, and where the other one does the same. */
struct row {
	const struct step *step;
	struct row *pair; /* NULL: not here */
	char text[WHAT_SIZE];
};

/* One of the two stories. */
struct side {
	const struct story *story;
	struct row *rows;
	size_t count;
	unsigned int elsewhere, alone;
};

/* How good the best rows of pairs are, from step i and step j on. */
struct best {
	unsigned int *worth;
	size_t width;
};

struct columns {
	int chapters, side; /* 0: no chapters */
};

static void side_text(const struct side *side, const struct step *step,
		      char text[WHAT_SIZE])
{
	char what[WHAT_SIZE];

	story_what(side->story, step, what);
	snprintf(text, WHAT_SIZE, "%s%s%.180s", step->call, *what ? " " : "",
		 what);
	if (step->error)
		snprintf(text + strlen(text), WHAT_SIZE - strlen(text), " %s",
			 step_error(step));
	else if (step->count > 1)
		snprintf(text + strlen(text), WHAT_SIZE - strlen(text), " (%u)",
			 step->count);
	text_clean(text);
}

static int side_make(struct side *side, const struct story *story,
		     const struct chapters *chapters)
{
	side->story = story;
	side->rows = calloc(story->count + 1, sizeof(*side->rows));
	if (!side->rows)
		return error_call(NULL, "set two stories side by side");
	for (size_t i = 0; i < story->count; i++) {
		const struct step *step = story->steps[i];

		if (!story_tells(step, chapters) ||
		    strcmp(step->kind, "fork") == 0)
			continue;
		side->rows[side->count].step = step;
		side_text(side, step, side->rows[side->count++].text);
	}
	return 0;
}

/* "clone NEWPID" and "clone NEWPID NEWNS" are the same step, more or less. */
static bool row_is_same(const struct row *a, const struct row *b)
{
	const char *one = a->step->kind, *other = b->step->kind;
	size_t length = strcspn(one, " ");

	return length == strcspn(other, " ") &&
	       strncmp(one, other, length) == 0 &&
	       !a->step->error == !b->step->error;
}

/* "mount tmpfs on /dev": how long that is, without what follows. */
static size_t row_beginning(const char *text)
{
	size_t length = 0;

	for (int words = 0; words < 4 && text[length] && text[length] != ',';
	     words++) {
		length += text[length] == ' ';
		length += strcspn(text + length, " ,");
	}
	return length;
}

/* The same on the same, on the same with other flags, on something else. */
static unsigned int row_alike(const struct row *a, const struct row *b)
{
	size_t length = row_beginning(a->text);

	if (strcmp(a->text, b->text) == 0)
		return 3;
	if (length == row_beginning(b->text) &&
	    strncmp(a->text, b->text, length) == 0)
		return 2;
	return strcmp(a->step->what, b->step->what) == 0;
}

static int best_make(struct best *best, const struct side *a,
		     const struct side *b)
{
	best->width = b->count + 1;
	if (best->width > ROWS_MAX / (a->count + 1))
		return error_input("--since and --until leave out chapters",
				   "%zu and %zu steps are too many to set them "
				   "side by side",
				   a->count, b->count);
	best->worth =
		calloc((a->count + 1) * best->width, sizeof(*best->worth));
	return best->worth ? 0
			   : error_call(NULL, "set two stories side by side");
}

static unsigned int *best_at(const struct best *best, size_t i, size_t j)
{
	return &best->worth[i * best->width + j];
}

/* What it is worth to pair these two; 0: they are no pair. */
static unsigned int best_pair(const struct best *best, const struct side *a,
			      size_t i, const struct side *b, size_t j)
{
	if (!row_is_same(&a->rows[i], &b->rows[j]))
		return 0;
	return *best_at(best, i + 1, j + 1) + PAIR +
	       row_alike(&a->rows[i], &b->rows[j]);
}

static void best_fill(const struct best *best, const struct side *a,
		      const struct side *b)
{
	for (size_t i = a->count; i-- > 0;)
		for (size_t j = b->count; j-- > 0;) {
			unsigned int down = *best_at(best, i + 1, j);
			unsigned int right = *best_at(best, i, j + 1);
			unsigned int pair = best_pair(best, a, i, b, j);

			down = down > right ? down : right;
			*best_at(best, i, j) = pair > down ? pair : down;
		}
}

static void best_follow(const struct best *best, const struct side *a,
			const struct side *b)
{
	size_t i = 0, j = 0;

	while (i < a->count && j < b->count) {
		unsigned int here = *best_at(best, i, j);

		if (here && here == best_pair(best, a, i, b, j)) {
			a->rows[i].pair = &b->rows[j];
			b->rows[j++].pair = &a->rows[i++];
		} else if (here == *best_at(best, i + 1, j)) {
			i++;
		} else {
			j++;
		}
	}
}

/* Does the other one do it as well, earlier or later? */
static bool side_has(const struct side *side, const struct row *row)
{
	for (size_t i = 0; i < side->count; i++)
		if (!side->rows[i].pair && row_is_same(&side->rows[i], row))
			return true;
	return false;
}

/* What is too long ends with "...". */
static void print_side(FILE *out, const char *text, int width)
{
	char cut[WHAT_SIZE + 4];

	if (text_width(text) <= width) {
		text_pad(out, text, width);
		return;
	}
	snprintf(cut, sizeof(cut), "%.*s...",
		 text_fits_columns(text, width - 3), text);
	text_pad(out, cut, width);
}

static void print_row(FILE *out, const struct columns *columns,
		      const struct row *left, const char *mark,
		      const struct row *right)
{
	const struct row *either = left ? left : right;

	if (columns->chapters)
		fprintf(out, "%-*s ", columns->chapters,
			either->step->chapters);
	print_side(out, left ? left->text : "", columns->side);
	fprintf(out, right ? " %-3s" : " %s", mark);
	if (right)
		print_side(out, right->text,
			   text_width(right->text) < columns->side
				   ? text_width(right->text)
				   : columns->side);
	fprintf(out, "\n");
}

/* "<" only the left one, ">" only the right one; "~" the other elsewhere. */
static void print_alone(FILE *out, const struct columns *columns,
			struct side *a, struct side *b, const struct row *left,
			const struct row *right)
{
	struct side *mine = left ? a : b;
	bool is_elsewhere = side_has(left ? b : a, left ? left : right);

	if (is_elsewhere)
		mine->elsewhere++;
	else
		mine->alone++;
	print_row(out, columns, left,
		  is_elsewhere ? left ? "<~" : ">~"
		  : left       ? "<"
			       : ">",
		  right);
}

static void print_rows(FILE *out, const struct columns *columns, struct side *a,
		       struct side *b)
{
	unsigned int same = 0;
	char end[WHAT_SIZE];
	size_t i = 0, j = 0;

	while (i < a->count || j < b->count) {
		if (i < a->count && !a->rows[i].pair) {
			print_alone(out, columns, a, b, &a->rows[i++], NULL);
		} else if (j < b->count && !b->rows[j].pair) {
			print_alone(out, columns, a, b, NULL, &b->rows[j++]);
		} else {
			print_row(out, columns, &a->rows[i++], "=",
				  &b->rows[j++]);
			same++;
		}
	}
	snprintf(end, sizeof(end),
		 "= both: %u; ~ both, in another order: %u and %u; "
		 "< only the left: %u; > only the right: %u",
		 same, a->elsewhere, b->elsewhere, a->alone, b->alone);
	print_folded(out, 0, print_room(out), end);
}

static void columns_widen(struct columns *columns, const struct side *side)
{
	for (size_t i = 0; i < side->count; i++) {
		int chapters = (int)strlen(side->rows[i].step->chapters);
		int width = text_width(side->rows[i].text);

		if (chapters > columns->chapters)
			columns->chapters = chapters;
		if (width > columns->side)
			columns->side = width;
	}
}

/* As wide as they have to be, if the terminal is so wide. */
static struct columns columns_make(const struct side *a, const struct side *b,
				   int room)
{
	struct columns columns = { 0 };
	int side;

	columns_widen(&columns, a);
	columns_widen(&columns, b);
	side = (room - BETWEEN - columns.chapters - 1) / 2;
	if (room && side < SIDE_WITH && side < columns.side) {
		columns.chapters = 0;
		side = (room - BETWEEN) / 2;
	}
	side = room ? side : SIDE_USUAL;
	side = side < SIDE_LEAST ? SIDE_LEAST : side;
	columns.side = columns.side < side ? columns.side : side;
	return columns;
}

void print_beside(FILE *out, const struct story *left,
		  const struct story *right, const struct chapters *chapters)
{
	struct side a = { 0 }, b = { 0 };
	struct best best = { 0 };
	struct columns columns;

	if (side_make(&a, left, chapters) == 0 &&
	    side_make(&b, right, chapters) == 0 &&
	    best_make(&best, &a, &b) == 0) {
		best_fill(&best, &a, &b);
		best_follow(&best, &a, &b);
		columns = columns_make(&a, &b, print_room(out));
		print_rows(out, &columns, &a, &b);
		print_unseen(out);
	}
	free(best.worth);
	free(a.rows);
	free(b.rows);
}
