/*
 * explain: what a program asks of the kernel, in the words of the tutorial.
 *
 *     $ sudo bin/explain bin/01-uts --hostname box true
 *     01-uts 812  clone3       NEWUTS -> 813  01  names of its own
 *     01-uts 813  sethostname  box            01  a host name, in this ...
 *                 execve       true               from here on it is this ...
 *
 * It runs the program under ptrace(2), notes the calls that some chapter
 * explains, and tells them when the program has ended; with --follow at once.
 * It changes nothing of what the program does: its input, its output and its
 * terminal are its own.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "habits/error.h"
#include "habits/hints.h"
#include "habits/options.h"
#include "tools/explain/beside.h"
#include "tools/explain/follow.h"
#include "tools/explain/kinds.h"
#include "tools/explain/print.h"
#include "tools/explain/text.h"
#include "tools/explain/trace.h"

struct explain_options {
	bool is_all, is_json, is_beside, is_followed;
	struct chapters chapters;
	pid_t attach;
	const char *output;
};

static int explain_parse_chapter(void *field, const char *name,
				 const char *value)
{
	(void)name;
	*(int *)field = chapter_number(value);
	return *(int *)field ? 0 : -1;
}

static int explain_parse_pid(void *field, const char *name, const char *value)
{
	char *end;
	long pid;

	errno = 0;
	pid = strtol(value, &end, 10);
	if (errno || *end || pid < 1 || pid > 4194304)
		return error_input(NULL, "option --%s: \"%s\" is no process",
				   name, value);
	*(pid_t *)field = (pid_t)pid;
	return 0;
}

#define AT(field) offsetof(struct explain_options, field)

static const struct option_entry explain_entries[] = {
	{ 'a', "all", NULL, "each call as well, as it is made", option_flag,
	  AT(is_all) },
	{ 'f', "follow", NULL,
	  "each step as it is made; else all at the end, repeats counted",
	  option_flag, AT(is_followed) },
	{ 'j', "json", NULL, "for programs: an object for each step",
	  option_flag, AT(is_json) },
	{ 's', "since", "CHAPTER", "only what this chapter and later ones have",
	  explain_parse_chapter, AT(chapters.since) },
	{ 'u', "until", "CHAPTER",
	  "only what this chapter and earlier ones have", explain_parse_chapter,
	  AT(chapters.until) },
	{ 'p', "attach", "PID",
	  "a process that runs, such as a daemon; Ctrl-C "
	  "ends the story",
	  explain_parse_pid, AT(attach) },
	{ 'b', "beside", NULL, "two commands, a word each, side by side",
	  option_flag, AT(is_beside) },
	{ 'o', "output", "FILE", "write the story there, not to standard error",
	  option_string, AT(output) },
	{ 0 },
};

static const struct option_group groups[] = {
	{ explain_entries, 0 },
	{ 0 },
};

static const struct program program = {
	.usage = "[OPTION]... COMMAND [ARGUMENT]...",
	.summary = "Run a program and tell what it asks of the kernel, and "
		   "which chapter explains it.",
	.example = hint_try_explain,
	.groups = groups,
};

static int explain_check(const struct explain_options *options, char **words)
{
	static const char hint[] = "--help shows the options and an example";

	if (options->attach && *words)
		return error_input(hint, "with --attach there is no command");
	if (options->attach && options->is_beside)
		return error_input(hint, "--attach and --beside exclude each "
					 "other");
	if (options->is_followed && options->is_beside)
		return error_input(hint, "--follow and --beside exclude each "
					 "other");
	if (!options->attach && !*words)
		return error_input(hint, "no command given");
	if (options->is_beside && (!words[1] || words[2]))
		return error_input(hint_beside,
				   "--beside takes two commands, a word each");
	return 0;
}

static void explain_print(const struct explain_options *options, FILE *out,
			  const struct story *story)
{
	if (options->is_json)
		print_json(out, story, &options->chapters);
	else
		print_text(out, story, &options->chapters);
}

/* The status that we end with. */
static int explain_run(const struct explain_options *options, char **words,
		       FILE *out)
{
	struct order order = { .words = words,
			       .attach = options->attach,
			       .calls = options->is_all ? out : NULL };
	struct follow follow = { .out = out,
				 .chapters = &options->chapters,
				 .is_json = options->is_json };
	struct story story = { 0 };
	int status = EXIT_SETUP;

	if (options->is_beside)
		return beside_run(words, &options->chapters, options->is_json,
				  out);
	if (options->is_followed)
		follow_begin(&follow, &story);
	if (trace_run(&order, &story) == 0) {
		explain_print(options, out, &story);
		status = story.status;
	} else if (story.status) {
		status = story.status; /* there is no such command */
	}
	story_free(&story);
	process_free_all();
	return status;
}

int main(int argc, char **argv)
{
	struct explain_options options = { 0 };
	FILE *out = stderr;
	char **words;
	int status = options_parse(&program, &options, argc, argv, &words);

	text_begin();
	if (status == 0)
		status = explain_check(&options, words);
	if (status != 0)
		return status > 0 ? 0 : EXIT_USAGE;
	if (options.output)
		out = fopen(options.output, "we");
	if (!out) {
		error_call(NULL, "write %s", options.output);
		return EXIT_SETUP;
	}
	status = explain_run(&options, words, out);
	if (fflush(out) != 0 || ferror(out)) {
		error_call(NULL, "write the story");
		return status ? status : EXIT_SETUP;
	}
	return status;
}
