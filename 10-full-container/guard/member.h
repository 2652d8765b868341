/*
 * The members of an object in config.json, as data.
 *
 * As with options (habits/options.h): a table says which member fills which
 * field of a struct, and what is right for it.  So a new member is one row.
 *
 *     { "cwd", member_path, MEMBER_AT(struct process, cwd), REQUIRED },
 */
#pragma once

#include "10-full-container/guard/value.h"

struct member;
/* Checks a value that is there, and fills the field.  -1 after a message. */
typedef int member_read(const struct value *value, void *field);

struct member {
	const char *key; /* NULL ends a table */
	member_read *read;
	size_t offset, size; /* of the field, in the struct */
	enum { OPTIONAL, REQUIRED } presence;
	int64_t low; /* a number's range */
	uint64_t high;
	const void *more; /* a table: the words, or the members of an object */
};

#define MEMBER_AT(type, field) \
	.offset = offsetof(type, field), .size = sizeof(((type *)NULL)->field)

/* A word and what it is for the kernel.  NULL ends a table. */
struct word {
	const char *name;
	uint64_t number;
};

/*
 * Fill `fields` from an object, row by row.  A member that is absent or null
 * leaves its field as it was, or is missed; one that no row is about is passed
 * over.
 */
int members_read(const struct value *object, const struct member *table,
		 void *fields);

/* Is there a row for it? */
bool members_know(const struct member *table, const char *key);

member_read member_bool, member_string;
member_read member_name;                  /* a string; an empty one is none */
member_read member_path;                  /* one that starts with / */
member_read member_strings, member_paths; /* char **, for free() */
member_read member_integer, member_unsigned, member_id; /* of any size */
member_read member_word;   /* a number, by its name in `more` */
member_read member_choice; /* ... or the struct word itself */
member_read member_words;  /* all of a list, as one number */
member_read member_object; /* into the same struct, by the table in `more` */

/* The message lists all that would have been right. */
int member_find_word(const struct value *item, const struct word words[],
		     const struct word **word);
