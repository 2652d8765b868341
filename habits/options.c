/*
 * getopt_long(3) wants one list of names and one string of letters.  Here
 * they are made from the tables of all modules; the value that getopt
 * answers with is the place in the list, so that it leads back to the entry.
 */
#include "habits/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>

#include "habits/error.h"

#define OPTIONS_MAX 64
#define OPTION_BASE 256 /* getopt values above every letter */

/* One option of the program, and where its value goes. */
struct option_slot {
	const struct option_entry *entry;
	void *field;
};

static const char usage_hint[] = "--help shows the options and an example";

int option_flag(void *field, const char *name, const char *value)
{
	(void)name;
	(void)value;
	*(bool *)field = true;
	return 0;
}

int option_string(void *field, const char *name, const char *value)
{
	(void)name;
	*(const char **)field = value;
	return 0;
}

static void options_help_entry(const struct option_entry *entry)
{
	char left[64];

	snprintf(left, sizeof(left), "%c%c%s --%s%s%s",
		 entry->letter ? '-' : ' ', entry->letter ? entry->letter : ' ',
		 entry->letter ? "," : " ", entry->name,
		 entry->argument ? " " : "",
		 entry->argument ? entry->argument : "");
	printf("  %-30s %s\n", left, entry->help);
}

void options_help(const struct program *program)
{
	const struct option_group *group;
	const struct option_entry *entry;

	printf("Usage: %s %s\n%s\n\n", program_invocation_short_name,
	       program->usage ? program->usage
			      : "[OPTION]... COMMAND [ARGUMENT]...",
	       program->summary);
	for (group = program->groups; group->entries; group++)
		for (entry = group->entries; entry->name; entry++)
			options_help_entry(entry);
	printf("  %-30s %s\n", "-h, --help", "show this help");
	if (program->example)
		printf("\nTry:\n  %s\n", program->example);
}

/* All tables of the program in a row; the place in it is the getopt value. */
static int options_list(const struct program *program, void *fields,
			struct option_slot *slots)
{
	const struct option_group *group;
	const struct option_entry *entry;
	int count = 0;

	for (group = program->groups; group->entries; group++) {
		char *base = (char *)fields + group->offset;

		for (entry = group->entries; entry->name; entry++) {
			if (count == OPTIONS_MAX - 1)
				return count;
			slots[count++] = (struct option_slot){
				.entry = entry,
				.field = base + entry->offset,
			};
		}
	}
	return count;
}

/* Translate the list into the two forms that getopt_long(3) wants. */
static void options_translate(const struct option_slot *slots, int count,
			      struct option *names, char *letters)
{
	*letters++ = '+'; /* stop at the first word that is not an option */
	*letters++ = ':'; /* tell a missing value from an unknown option */
	*letters++ = 'h';
	*names++ = (struct option){ "help", no_argument, NULL, 'h' };
	for (int i = 0; i < count; i++) {
		const struct option_entry *entry = slots[i].entry;

		*names++ = (struct option){
			.name = entry->name,
			.has_arg = entry->argument ? required_argument
						   : no_argument,
			.val = OPTION_BASE + i,
		};
		if (!entry->letter)
			continue;
		*letters++ = entry->letter;
		if (entry->argument)
			*letters++ = ':';
	}
}

static int options_apply(const struct option_slot *slots, int count, int found,
			 const char *value)
{
	const struct option_slot *slot = slots;
	int i = 0;

	while (i < count && slot->entry->letter != found &&
	       found != OPTION_BASE + i)
		slot = &slots[++i];
	if (i == count)
		return -1; /* getopt knows only what it was told */
	if (slot->entry->argument && value[0] == '\0')
		return error_input(usage_hint,
				   "option --%s: the value is empty",
				   slot->entry->name);
	return slot->entry->parse(slot->field, slot->entry->name, value);
}

static int options_complain(int found, const char *word)
{
	if (found == ':')
		return error_input(usage_hint, "option %s needs a value", word);
	return error_input(usage_hint, "unknown option %s", word);
}

int options_parse(const struct program *program, void *fields, int argc,
		  char **argv, char ***command)
{
	struct option_slot slots[OPTIONS_MAX] = { 0 };
	struct option names[OPTIONS_MAX + 1] = { 0 };
	char letters[3 * OPTIONS_MAX] = { 0 };
	int count = options_list(program, fields, slots);
	int found;

	options_translate(slots, count, names, letters);
	opterr = 0;
	optind = 0; /* start anew: a program may parse twice */
	while ((found = getopt_long(argc, argv, letters, names, NULL)) != -1) {
		if (found == 'h') {
			options_help(program);
			if (fflush(stdout) != 0)
				return error_call(NULL, "print the help");
			return 1;
		}
		if (found == '?' || found == ':')
			return options_complain(found, argv[optind - 1]);
		if (options_apply(slots, count, found, optarg) < 0)
			return -1;
	}
	if (optind >= argc && !program->usage) /* argc can be 0 */
		return error_input(usage_hint, "no command given");
	*command = argv + optind;
	return 0;
}
