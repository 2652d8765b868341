/*
 * Programs that make containers go round in circles: mount, then remount, for
 * each of ten directories.  A step is compared with the last ones of its own
 * process, not with the last of all: so it does not matter how the kernel lets
 * processes take turns, and the same program has the same story each time.
 */
#include "tools/explain/story.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/explain/kinds.h"
#include "tools/explain/text.h"
#include "tools/explain/unseen.h"

#define LIST_MAX  48 /* of what several steps were done on */
#define STEPS_MAX 30000
#define HELD_MAX  1000

/* A process becomes another program once, and not several at a time. */
static bool story_is_same(const struct step *a, const struct step *b)
{
	return a->error == b->error && strcmp(a->kind, b->kind) == 0 &&
	       (a->error || strncmp(a->kind, "exec", 4) != 0 ||
		strcmp(a->what, b->what) == 0);
}

/* Is it in "a, b, c" already? */
static bool story_lists(const char *list, const char *what)
{
	size_t length = strlen(what);

	for (const char *at = list; (at = strstr(at, what)); at++)
		if ((at == list || (at[-1] == ' ' && at[-2] == ',')) &&
		    (!at[length] || at[length] == ','))
			return true;
	return false;
}

/* "a, b, c, ...": each once, as long as there is room. */
static void story_list(struct step *step, const char *what)
{
	size_t length = strlen(step->what);

	if (!what[0] || story_lists(step->what, what) ||
	    (length > 3 && strcmp(step->what + length - 3, "...") == 0))
		return;
	if (length + strlen(what) > LIST_MAX)
		what = "...";
	snprintf(step->what + length, WHAT_SIZE - length, "%s%s",
		 length ? ", " : "", what);
}

/* A step like one of the process's last ones counts there. */
static bool story_repeats(struct story *story, const struct step *step)
{
	const struct process *process = step->process;

	for (int i = 0; i < RECENT_MAX && process->recent[i] >= 0; i++) {
		struct step *before = story->steps[process->recent[i]];

		if (!story_is_same(before, step))
			continue;
		before->count++;
		story_list(before, step->what);
		return true;
	}
	return false;
}

/* -1: there is no room. */
static int story_grow(struct story *story)
{
	size_t room = story->room ? 2 * story->room : 64;
	struct step **steps = reallocarray(story->steps, room, sizeof(void *));

	if (!steps)
		return -1;
	story->steps = steps;
	story->room = room;
	return 0;
}

static int story_append(struct story *story, const struct step *step)
{
	struct step *copy;

	if (story->count == STEPS_MAX) {
		unseen_note(UNSEEN_LONG);
		return -1;
	}
	copy = malloc(sizeof(*copy));

	if (!copy || (story->count == story->room && story_grow(story) < 0)) {
		unseen_note(UNSEEN_LOST);
		free(copy);
		return -1;
	}
	*copy = *step;
	copy->count = 1;
	story->steps[story->count++] = copy;
	return 0;
}

/* A process that has made a step is told of, and those it comes from. */
static void story_note(struct process *process)
{
	do {
		process->is_told = true;
		process = process->parent;
	} while (process && !process->is_told);
}

/* A fork is told if the child is, and no step before its process is. */
static bool story_holds(const struct step *step)
{
	if (strcmp(step->kind, "fork") == 0)
		return !step->child || !step->child->is_told;
	return !step->chapters[0] && step->process->parent &&
	       !step->process->is_told;
}

/* In their order; where too many are held back nobody waits for them. */
static void story_follow(struct story *story)
{
	size_t count = story->count, held = 0;

	for (size_t i = 0; i < count; i++) {
		struct step *step = story->steps[i];

		if (story_holds(step) && count < HELD_MAX) {
			story->steps[held++] = step;
			continue;
		}
		if (!story_holds(step))
			story->follower->tell(story->follower, story, step);
		free(step);
	}
	story->count = held;
}

void story_add(struct story *story, struct step *step)
{
	struct process *process = step->process;

	if (step->chapters[0])
		story_note(process);
	if (!story->follower && !step->child && story_repeats(story, step))
		return;
	if (!step->is_last)
		process_read_name(process);
	memcpy(step->name, process->name, sizeof(step->name));
	if (story_append(story, step) < 0)
		return;
	if (story->follower) {
		story_follow(story);
		return;
	}
	memmove(process->recent + 1, process->recent,
		(RECENT_MAX - 1) * sizeof(process->recent[0]));
	process->recent[0] = (long)story->count - 1;
}

void story_add_root(struct story *story, const char *path)
{
	char *root = story->roots[story->root_count];

	if (path[0] != '/' || strlen(path) < 4 ||
	    story->root_count == ROOTS_MAX)
		return;
	snprintf(root, WHAT_SIZE, "%s", path);
	step_shorten(root);
	text_clean(root);
	for (size_t i = 0; i < story->root_count; i++)
		if (strcmp(story->roots[i], root) == 0)
			return;
	story->root_count++;
}

static bool story_is_between(const struct step *step,
			     const struct chapters *chapters)
{
	const char *at = step->chapters;

	if (!chapters->since && !chapters->until)
		return true;
	while (*at) {
		long number = strtol(at, NULL, 10);

		if (number >= chapters->since &&
		    (!chapters->until || number <= chapters->until))
			return true;
		at += strspn(at, "0123456789");
		at += *at == ' ';
	}
	return false;
}

bool story_tells(const struct step *step, const struct chapters *chapters)
{
	return !story_holds(step) && story_is_between(step, chapters);
}

/* "/newroot/tmp" does not begin with /tmp. */
static bool story_begins(const char *text, const char *at)
{
	return at == text || strchr(" ,=:", at[-1]);
}

/* Replace the beginning of a path, wherever it is in the text. */
static void story_replace(char what[WHAT_SIZE], const char *path)
{
	size_t length = strlen(path);
	char *at = what, rest[WHAT_SIZE + 4];

	while ((at = strstr(at, path))) {
		if (!story_begins(what, at) ||
		    (at[length] && !strchr("/ ,:", at[length]))) {
			at += length;
			continue;
		}
		snprintf(rest, sizeof(rest), "ROOT%s", at + length);
		snprintf(at, WHAT_SIZE - (size_t)(at - what), "%s", rest);
		at += 4;
	}
}

void story_what(const struct story *story, const struct step *step,
		char what[WHAT_SIZE])
{
	memcpy(what, step->what, WHAT_SIZE);
	for (size_t i = 0; i < story->root_count; i++)
		story_replace(what, story->roots[i]);
	if (step->child)
		snprintf(what + strlen(what), WHAT_SIZE - strlen(what),
			 "%s-> %d", what[0] ? " " : "", step->child->pid);
	text_clean(what);
}

/* The number takes the place of "%u". */
static void story_many(const char *many, unsigned int count,
		       char words[WORDS_SIZE])
{
	const char *at = strstr(many, "%u");

	if (at)
		snprintf(words, WORDS_SIZE, "%.*s%u%s", (int)(at - many), many,
			 count, at + 2);
	else
		snprintf(words, WORDS_SIZE, "%s", many);
}

/* The sentence for many, if there is one; why a failure does not matter. */
void story_words(const struct step *step, char words[WORDS_SIZE])
{
	const struct kind *kind = kind_find(step->kind);
	const char *why =
		step->error ? kind_excuse(step->kind, step->error) : NULL;

	if (step->error) {
		snprintf(words, WORDS_SIZE, "%s%s%s", step_error(step),
			 why ? ": " : "", why ? why : "");
		if (step->count > 1)
			snprintf(words + strlen(words),
				 WORDS_SIZE - strlen(words), " (%u times)",
				 step->count);
	} else if (step->count > 1 && kind && kind->many) {
		story_many(kind->many, step->count, words);
	} else if (step->count > 1) {
		snprintf(words, WORDS_SIZE, "%.200s (%u times)", step->words,
			 step->count);
	} else {
		snprintf(words, WORDS_SIZE, "%s", step->words);
	}
}

void story_free(struct story *story)
{
	while (story->count > 0)
		free(story->steps[--story->count]);
	free(story->steps);
	*story = (struct story){ 0 };
}
