/*
 * As wide as what is told, within limits.  What is longer than its column keeps
 * its line, and the rest follows below, in its place.
 */
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#include "tools/explain/print.h"
#include "tools/explain/text.h"
#include "tools/explain/unseen.h"

#define WHO_MAX  30
#define CALL_MAX 14
#define WHAT_MAX 40

/* How wide the columns are: what is longer has the next line for the rest. */
struct widths {
	int who, call, what, chapters, words;
};

/* "crun 830", and "(1)" if that is its number inside. */
static void print_who(const struct step *step, char who[WHO_SIZE])
{
	const struct process *process = step->process;

	snprintf(who, WHO_SIZE, "%s %d", step->name, process->pid);
	if (process->inside)
		snprintf(who + strlen(who), WHO_SIZE - strlen(who), " (%d)",
			 process->inside);
}

static void print_widen(int *width, const char *text, int most)
{
	int length = text_width(text);

	if (length > *width && length <= most)
		*width = length;
}

static struct widths print_measure(const struct story *story,
				   const struct chapters *chapters)
{
	struct widths widths = { 0 };
	char who[WHO_SIZE], what[WHAT_SIZE], words[WORDS_SIZE];

	for (size_t i = 0; i < story->count; i++) {
		const struct step *step = story->steps[i];

		if (!story_tells(step, chapters))
			continue;
		print_who(step, who);
		story_what(story, step, what);
		print_widen(&widths.who, who, WHO_MAX);
		print_widen(&widths.call, step->call, CALL_MAX);
		print_widen(&widths.what, what, WHAT_MAX);
		print_widen(&widths.chapters, step->chapters, WHO_MAX);
		story_words(step, words);
		print_widen(&widths.words, words, WORDS_SIZE);
	}
	return widths;
}

int print_room(FILE *out)
{
	struct winsize size;

	return ioctl(fileno(out), TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

static bool print_fits(const struct widths *widths, int room)
{
	int all = widths->who + widths->call + widths->what + widths->chapters +
		  widths->words + 4 * 2;

	return room == 0 || all <= room;
}

void print_folded(FILE *out, int begin, int room, const char *text)
{
	int at = begin, length, wide;
	char word[WORDS_SIZE];

	for (const char *rest = text; *rest; rest += length) {
		rest += *rest == ' ';
		length = (int)strcspn(rest, " ");
		snprintf(word, sizeof(word), "%.*s", length, rest);
		wide = text_width(word);
		if (rest != text && room && at + 1 + wide > room) {
			fprintf(out, "\n%*s", begin, "");
			at = begin;
		} else if (rest != text) {
			at += fprintf(out, " ");
		}
		fputs(word, out);
		at += wide;
	}
	fprintf(out, "\n");
}

static void print_step(FILE *out, const struct widths *widths, int room,
		       const char *who, const struct step *step,
		       const char *what)
{
	int begin = widths->who + widths->call + 4 + widths->what;
	char words[WORDS_SIZE];

	story_words(step, words);
	text_pad(out, who, widths->who + 2);
	text_pad(out, step->call, widths->call + 2);
	text_pad(out, what, widths->what);
	if (text_width(what) > widths->what)
		fprintf(out, "\n%*s", begin, "");
	fprintf(out, "  %-*s  ", widths->chapters, step->chapters);
	print_folded(out, begin + widths->chapters + 4, room, words);
}

/* Where a line has no room for the table, a step has more lines. */
static void print_narrow(FILE *out, const struct widths *widths, int room,
			 const char *who, const struct step *step,
			 const char *what)
{
	char words[WORDS_SIZE], text[WORDS_SIZE + sizeof(step->chapters) + 2];
	int begin = 2 + widths->call + 2;

	story_words(step, words);
	snprintf(text, sizeof(text), "%s%s%s", step->chapters,
		 *step->chapters ? "  " : "", words);
	if (*who)
		fprintf(out, "%s\n", who);
	fprintf(out, "  %-*s  ", widths->call, step->call);
	print_folded(out, begin, room, what);
	fprintf(out, "%*s", begin, "");
	print_folded(out, begin, room, text);
}

static void print_line(FILE *out, const struct widths *widths,
		       const struct story *story, const struct step *step,
		       char before[WHO_SIZE])
{
	char who[WHO_SIZE], what[WHAT_SIZE];
	int room = print_room(out);
	bool is_same;

	print_who(step, who);
	story_what(story, step, what);
	is_same = strcmp(who, before) == 0;
	if (print_fits(widths, room))
		print_step(out, widths, room, is_same ? "" : who, step, what);
	else
		print_narrow(out, widths, room, is_same ? "" : who, step, what);
	memcpy(before, who, WHO_SIZE);
}

/* Nobody knows yet how wide the others will be. */
void print_text_step(FILE *out, const struct story *story,
		     const struct step *step, char before[WHO_SIZE])
{
	static const struct widths usual = {
		.who = 28, .call = 13, .what = 40, .chapters = 8, .words = 30
	};

	print_line(out, &usual, story, step, before);
}

void print_text(FILE *out, const struct story *story,
		const struct chapters *chapters)
{
	struct widths widths = print_measure(story, chapters);
	char before[WHO_SIZE] = "", what[WHAT_SIZE];
	bool is_root = false;

	for (size_t i = 0; i < story->count; i++) {
		const struct step *step = story->steps[i];

		if (!story_tells(step, chapters))
			continue;
		print_line(out, &widths, story, step, before);
		story_what(story, step, what);
		is_root = is_root || strstr(what, "ROOT");
	}
	for (size_t i = 0; is_root && i < story->root_count; i++)
		fprintf(out, "ROOT is %s\n", story->roots[i]);
	print_unseen(out);
}

void print_unseen(FILE *out)
{
	const char *sentence;
	char line[WORDS_SIZE];
	int at = 0;

	while ((sentence = unseen_next(&at))) {
		snprintf(line, sizeof(line), "not seen: %s", sentence);
		print_folded(out, 0, print_room(out), line);
	}
}
