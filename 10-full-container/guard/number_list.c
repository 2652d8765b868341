/* The specification's pattern allows spaces around each number. */
#include "10-full-container/guard/number_list.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define WORD_BITS (8 * sizeof(unsigned long))

/* One number, and the spaces around it.  NUMBERS_MAX: there is none. */
static unsigned long number_list_next(const char **text)
{
	const char *start = *text + strspn(*text, " ");
	unsigned long number;
	char *end;

	if (!isdigit((unsigned char)*start))
		return NUMBERS_MAX;
	number = strtoul(start, &end, 10);
	*text = end + strspn(end, " ");
	return number < NUMBERS_MAX ? number : NUMBERS_MAX;
}

/* "7" or "0-3".  false: it is neither. */
static bool number_list_range(const char **text, struct number_list *list)
{
	unsigned long first = number_list_next(text), last = first;

	if (**text == '-' && first < NUMBERS_MAX) {
		(*text)++;
		last = number_list_next(text);
	}
	if (last >= NUMBERS_MAX || first > last)
		return false;
	for (; first <= last; first++)
		list->bits[first / WORD_BITS] |= 1UL << (first % WORD_BITS);
	list->has_some = true;
	return true;
}

/*
 * Empty parts and what follows the last number are errors: a list that is
 * half understood would be another one than was asked for.
 */
int number_list_read(const struct value *value, const struct member *row,
		     void *field)
{
	struct number_list *list = field;
	const char *rest;

	(void)row;
	if (value_item_string(value, &list->text) < 0)
		return -1;
	rest = list->text + strspn(list->text, " ");
	while (*rest) {
		if (!number_list_range(&rest, list) ||
		    (*rest && *rest != ',') || strcmp(rest, ",") == 0)
			return value_complain(value,
					      "a list of numbers up to 8191, "
					      "such as 0-3,7");
		rest += *rest == ',';
	}
	return 0;
}
