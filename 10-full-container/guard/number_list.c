/* The specification's pattern allows spaces around each number. */
#include "10-full-container/guard/number_list.h"

#define WORD_BITS (8 * (long)sizeof(unsigned long))

int number_list_read(const struct value *value, void *field)
{
	struct number_list *list = field;
	const char *rest;
	long first, last;
	int found;

	if (value_item_string(value, &list->text) < 0)
		return -1;
	rest = list->text;
	while ((found = lists_range(&rest, &first, &last)) > 0) {
		list->has_some = true;
		for (; first <= last; first++)
			list->bits[first / WORD_BITS] |= 1UL
							 << (first % WORD_BITS);
	}
	return found == 0 && !*rest
		       ? 0
		       : value_complain(value, "a list of numbers up to 8191, "
					       "such as 0-3,7");
}
