/*
 * Capabilities by name: libcap says "cap_net_raw", capabilities(7)
 * CAP_NET_RAW.
 *
 * Both are understood, in any case of letters and with or without the "cap_";
 * what is printed is the manual page's form, which can be searched for.
 */
#include "07-caps/beyond/caps_names.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/capability.h>

#include "habits/error.h"
#include "07-caps/caps_sets.h"

/* "Net_Raw" and "cap_net_raw" become "CAP_NET_RAW".  false: too long. */
static bool caps_normalize(const char *name, char normal[CAPS_NAME_SIZE])
{
	const char *rest = strncasecmp(name, "cap_", 4) == 0 ? name + 4 : name;
	int length = snprintf(normal, CAPS_NAME_SIZE, "CAP_%s", rest);

	for (char *c = normal; *c; c++)
		*c = (char)toupper((unsigned char)*c);
	return length < CAPS_NAME_SIZE;
}

/*
 * A kernel newer than libcap has capabilities without a name: libcap then
 * gives the number.
 */
void caps_to_name(int capability, char name[CAPS_NAME_SIZE])
{
	char *text = cap_to_name(capability);

	snprintf(name, CAPS_NAME_SIZE, "%s", text ? text : "?");
	for (char *c = name; *c; c++)
		*c = (char)toupper((unsigned char)*c);
	cap_free(text);
}

/* libcap takes "cap_chown,x" and "cap_12" as well, so compare the result. */
int caps_from_name(const char *name)
{
	char wanted[CAPS_NAME_SIZE], found[CAPS_NAME_SIZE];
	cap_value_t cap;

	if (!caps_normalize(name, wanted) || cap_from_name(wanted, &cap) < 0 ||
	    cap >= cap_max_bits())
		return -1;
	caps_to_name(cap, found);
	return strcmp(found, wanted) == 0 ? cap : -1;
}

/*
 * How many letters must change, come or go: Levenshtein's distance.  `row`
 * holds it for the first i letters of a and every beginning of b.
 */
static size_t caps_distance(const char *a, const char *b)
{
	size_t row[CAPS_NAME_SIZE], length = strlen(b);

	for (size_t j = 0; j <= length; j++)
		row[j] = j;
	for (size_t i = 0; a[i]; i++) {
		size_t corner = row[0]++;

		for (size_t j = 0; j < length; j++) {
			size_t best = corner + (a[i] != b[j]);

			corner = row[j + 1];
			if (corner + 1 < best)
				best = corner + 1;
			if (row[j] + 1 < best)
				best = row[j] + 1;
			row[j + 1] = best;
		}
	}
	return row[length];
}

/* Part of the name, or spelled almost like it. */
static bool caps_is_near(const char *wanted, const char *known)
{
	size_t letters = strlen(wanted + 4);

	return (letters > 1 && strstr(known, wanted + 4)) ||
	       caps_distance(wanted, known) <= letters / 3;
}

/*
 * For the message about a misspelt name.  A list that is too long ends early.
 */
void caps_list_near(const char *word, char *list, size_t size)
{
	char wanted[CAPS_NAME_SIZE], known[CAPS_NAME_SIZE];
	bool fits = caps_normalize(word, wanted);
	size_t used = 0;

	list[0] = '\0';
	for (int cap = 0; fits && cap < cap_max_bits(); cap++) {
		caps_to_name(cap, known);
		if (used + CAPS_NAME_SIZE < size && caps_is_near(wanted, known))
			used += (size_t)snprintf(
				list + used, size - used, "%s%s",
				used ? ", " : "close to it: ", known);
	}
}

/* A default or ALL means "if it is there"; what was added by name must be. */
int caps_check_named(const struct caps *caps, uint64_t available)
{
	uint64_t missing = caps->named & ~available;
	char name[CAPS_NAME_SIZE];
	int cap = 0;

	if (!missing)
		return 0;
	while (!(missing & CAPS_BIT(cap)))
		cap++;
	caps_to_name(cap, name);
	return error_input("a process can only pass on what it has: see CapPrm "
			   "and CapBnd in /proc/self/status",
			   "option --cap-add: the caller itself does not have "
			   "%s",
			   name);
}
