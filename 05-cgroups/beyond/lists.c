#include "05-cgroups/beyond/lists.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* "cpu,cpuacct" in mountinfo, "cpu memory" in cgroup.controllers. */
bool cgroup_has(const char *list, const char *name)
{
	size_t length = strlen(name);

	while (list && *list) {
		size_t word = strcspn(list, ", \n");

		if (word == length && strncmp(list, name, length) == 0)
			return true;
		list += word + strspn(list + word, ", \n");
	}
	return false;
}

/* strsep(3), without the empty words between two separators in a row. */
char *cgroup_next_word(char **list, const char *separators)
{
	char *word;

	while ((word = strsep(list, separators)))
		if (*word)
			return word;
	return NULL;
}

/* strtol(3) would take a sign. */
static bool lists_number(const char **list, long *number)
{
	const char *start = *list + strspn(*list, " ");
	char *end;

	if (!isdigit((unsigned char)*start))
		return false;
	*number = strtol(start, &end, 10);
	*list = end + strspn(end, " ");
	return true;
}

/*
 * Empty parts, and what follows the last number, are errors: a list that is
 * half understood would be another one than was meant.
 */
int lists_range(const char **list, long *first, long *last)
{
	const char *rest = *list + strspn(*list, " ");

	if (*rest == '\0' || *rest == '\n') {
		*list = rest;
		return 0;
	}
	if (!lists_number(&rest, first))
		return -1;
	*last = *first;
	if (*rest == '-' && (rest++, !lists_number(&rest, last)))
		return -1;
	if (*first > *last || *last >= LISTS_MAX || !strchr(",\n", *rest))
		return -1;
	if (*rest == ',')
		rest++;
	if (rest[-1] == ',' && strchr("\n", rest[strspn(rest, " ")]))
		return -1;
	*list = rest;
	return 1;
}
