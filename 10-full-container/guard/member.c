/*
 * From a value to a field, by the kind of member that a row says it is.
 *
 * The kinds are functions, so that what only one member needs is a row like all
 * others: "capabilities" has its own reader in config/spec_process.c.
 */
#include "10-full-container/guard/member.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "habits/error.h"

int members_read(const struct value *object, const struct member *table,
		 void *fields)
{
	if (value_item_object(object) < 0)
		return -1;
	for (const struct member *row = table; row->key; row++) {
		struct value member = value_member(object, row->key);

		member.row = row;
		if (!member.value && row->presence == REQUIRED)
			return value_complain(&member, "");
		if (member.value &&
		    row->read(&member, (char *)fields + row->offset) < 0)
			return -1;
	}
	return 0;
}

bool members_know(const struct member *table, const char *key)
{
	for (; table->key; table++)
		if (strcmp(table->key, key) == 0)
			return true;
	return false;
}

/* In a field of any size; that it fits, its range has said. */
static void member_store(void *field, size_t size, uint64_t number)
{
	switch (size) {
	case sizeof(uint16_t):
		*(uint16_t *)field = (uint16_t)number;
		break;
	case sizeof(uint32_t):
		*(uint32_t *)field = (uint32_t)number;
		break;
	default:
		*(uint64_t *)field = number;
	}
}

int member_bool(const struct value *value, void *field)
{
	return value_item_bool(value, field);
}

int member_string(const struct value *value, void *field)
{
	return value_item_string(value, field);
}

int member_name(const struct value *value, void *field)
{
	const char **name = field;

	if (value_item_string(value, name) < 0)
		return -1;
	if (!(*name)[0])
		*name = NULL;
	return 0;
}

int member_path(const struct value *value, void *field)
{
	const char *path = json_string_value(value->value);

	if (!path || path[0] != '/')
		return value_complain(value, "an absolute path");
	*(const char **)field = path;
	return 0;
}

int member_strings(const struct value *value, void *field)
{
	return value_item_strings(value, field);
}

int member_paths(const struct value *value, void *field)
{
	char ***paths = field;

	if (value_item_strings(value, paths) < 0)
		return -1;
	for (size_t i = 0; i < value_count(value); i++) {
		struct value item = value_item(value, i);

		if ((*paths)[i][0] != '/')
			return value_complain(&item, "an absolute path");
	}
	return 0;
}

int member_integer(const struct value *value, void *field)
{
	int64_t number;

	if (value_item_integer(value, value->row->low,
			       (int64_t)value->row->high, &number) < 0)
		return -1;
	member_store(field, value->row->size, (uint64_t)number);
	return 0;
}

int member_unsigned(const struct value *value, void *field)
{
	uint64_t number;

	if (value_item_unsigned(value, value->row->high, &number) < 0)
		return -1;
	member_store(field, value->row->size, number);
	return 0;
}

int member_id(const struct value *value, void *field)
{
	return value_item_id(value, field);
}

int member_find_word(const struct value *item, const struct word words[],
		     const struct word **word)
{
	const char *text = json_string_value(item->value);
	char expected[512] = "one of:";
	size_t used = strlen(expected);

	for (*word = words; (*word)->name; (*word)++) {
		if (text && strcmp(text, (*word)->name) == 0)
			return 0;
		if (used < sizeof(expected))
			used += (size_t)snprintf(expected + used,
						 sizeof(expected) - used, " %s",
						 (*word)->name);
	}
	return value_complain(item, expected);
}

int member_choice(const struct value *value, void *field)
{
	return member_find_word(value, value->row->more, field);
}

int member_word(const struct value *value, void *field)
{
	const struct word *word;

	if (member_find_word(value, value->row->more, &word) < 0)
		return -1;
	member_store(field, value->row->size, word->number);
	return 0;
}

int member_words(const struct value *value, void *field)
{
	const struct word *word;
	uint64_t all = 0;

	if (value_item_array(value) < 0)
		return -1;
	for (size_t i = 0; i < value_count(value); i++) {
		struct value item = value_item(value, i);

		if (member_find_word(&item, value->row->more, &word) < 0)
			return -1;
		all |= word->number;
	}
	member_store(field, value->row->size, all);
	return 0;
}

int member_object(const struct value *value, void *field)
{
	return members_read(value, value->row->more, field);
}
