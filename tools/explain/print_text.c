/*
 * As wide as what is told, within limits.  What is longer than its column keeps
 * its line, and the rest follows below, in its place.
 */
#include <string.h>

#include "tools/explain/print.h"
#include "tools/explain/unseen.h"

#define WHO_MAX  30
#define CALL_MAX 14
#define WHAT_MAX 40

/* How wide the columns are: what is longer has the next line for the rest. */
struct widths {
	int who, call, what, chapters;
};

/* "crun 830", and "(1)" if that is its number inside. */
static void print_who(const struct step *step, char who[64])
{
	const struct process *process = step->process;

	snprintf(who, 64, "%s %d", step->name, process->pid);
	if (process->inside)
		snprintf(who + strlen(who), 64 - strlen(who), " (%d)",
			 process->inside);
}

static void print_widen(int *width, const char *text, int most)
{
	int length = (int)strlen(text);

	if (length > *width && length <= most)
		*width = length;
}

static struct widths print_measure(const struct story *story,
				   const struct chapters *chapters)
{
	struct widths widths = { 0 };
	char who[64], what[WHAT_SIZE];

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
	}
	return widths;
}

static void print_step(FILE *out, const struct widths *widths, const char *who,
		       const struct step *step, const char *what)
{
	char words[WORDS_SIZE];

	story_words(step, words);
	fprintf(out, "%-*s  %-*s  %-*s", widths->who, who, widths->call,
		step->call, widths->what, what);
	if ((int)strlen(what) > widths->what)
		fprintf(out, "\n%*s",
			widths->who + widths->call + 4 + widths->what, "");
	fprintf(out, "  %-*s  %s\n", widths->chapters, step->chapters, words);
}

void print_text(FILE *out, const struct story *story,
		const struct chapters *chapters)
{
	struct widths widths = print_measure(story, chapters);
	char who[64], before[64] = "", what[WHAT_SIZE];
	bool is_root = false;

	for (size_t i = 0; i < story->count; i++) {
		const struct step *step = story->steps[i];

		if (!story_tells(step, chapters))
			continue;
		print_who(step, who);
		story_what(story, step, what);
		print_step(out, &widths, strcmp(who, before) == 0 ? "" : who,
			   step, what);
		memcpy(before, who, sizeof(before));
		is_root = is_root || strstr(what, "ROOT");
	}
	for (size_t i = 0; is_root && i < story->root_count; i++)
		fprintf(out, "ROOT is %s\n", story->roots[i]);
	print_unseen(out);
}

void print_unseen(FILE *out)
{
	const char *sentence;
	int at = 0;

	while ((sentence = unseen_next(&at)))
		fprintf(out, "not seen: %s\n", sentence);
}
