/*
 * One after the other, never at once: they would take turns as they like, and
 * could be in each other's way.
 */
#include "tools/explain/beside.h"

#include <stdlib.h>
#include <string.h>
#include <wordexp.h>

#include "habits/error.h"
#include "tools/explain/print.h"
#include "tools/explain/trace.h"

static int beside_tell(char *command, struct story *story)
{
	struct order order = { 0 };
	wordexp_t words;
	int status;

	if (wordexp(command, &words, WRDE_NOCMD) != 0 || words.we_wordc == 0)
		return error_input("one command, without | > < ; and &; or "
				   "\"sh -c '...'\"",
				   "it cannot be split into words: %s",
				   command);
	order.words = words.we_wordv;
	status = trace_run(&order, story);
	wordfree(&words);
	return status;
}

int beside_run(char **commands, const struct chapters *chapters, bool is_json,
	       FILE *out)
{
	struct story left = { 0 }, right = { 0 };
	int status = EXIT_SETUP;

	if (beside_tell(commands[0], &left) == 0 &&
	    beside_tell(commands[1], &right) == 0) {
		if (is_json) {
			print_json(out, &left, chapters);
			print_json(out, &right, chapters);
		} else {
			print_beside(out, &left, &right, chapters);
		}
		status = left.status ? left.status : right.status;
	} else if (left.status || right.status) {
		status = left.status ? left.status : right.status;
	}
	story_free(&left);
	story_free(&right);
	process_free_all();
	return status;
}
