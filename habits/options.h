/*
 * The options of a program, as data.
 *
 * Each module says in a table which options fill its struct.  A program
 * lists the tables it wants, so that a new stage adds one line and understands
 * all that the stages before it understood.  getopt_long(3) does the reading.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/*
 * Turns the text of one option into the value of one field.  Prints what is
 * wrong with a bad value and returns -1.  An option that may be repeated
 * adds to its field.  `name` is the option's long form, for the message.
 */
typedef int option_parse(void *field, const char *name, const char *value);

struct option_entry {
	char letter;          /* the short form, or 0 */
	const char *name;     /* the long form; NULL ends a table */
	const char *argument; /* what --help calls the value; NULL if none */
	const char *help;
	option_parse *parse;
	size_t offset; /* of the field, in the module's struct */
};

struct option_group {
	const struct option_entry *entries; /* a module's table; NULL ends */
	size_t offset; /* of the module's struct, in the program's */
};

struct program {
	const char *usage;   /* NULL: "[OPTION]... COMMAND [ARGUMENT]..." */
	const char *summary; /* one sentence for --help */
	const char *example; /* the exact command to try */
	const struct option_group *groups;
};

option_parse option_flag;   /* bool: true once the option was given */
option_parse option_string; /* const char *: the text itself */

/*
 * Fill `fields` from the command line; `*command` becomes the words after
 * the options; one at least, if the program has the default usage.  --help
 * is printed here.
 * Returns 0, 1 if the help was asked for, or -1 after a message.
 */
int options_parse(const struct program *program, void *fields, int argc,
		  char **argv, char ***command);

/* Print what --help prints. */
void options_help(const struct program *program);
