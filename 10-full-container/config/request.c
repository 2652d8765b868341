/*
 * Options that more than one verb has.
 *
 * Each parser gets the address of its field in struct request, as those of the
 * stages get that of a field of theirs: habits/options.h.
 */
#include "10-full-container/config/request.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "habits/error.h"

/* The order is kept: of two variables with one name the later one counts. */
int request_parse_list(void *field, const char *name, const char *value)
{
	struct request_list *list = field;

	if (list->count == REQUEST_LIST_MAX)
		return error_input(NULL,
				   "option --%s: given more than %d times",
				   name, REQUEST_LIST_MAX);
	list->items[list->count++] = value;
	return 0;
}

/*
 * With systemd's socket activation the first descriptors after standard error
 * are sockets that the program is to get: see sd_listen_fds(3).
 */
int request_parse_fds(void *field, const char *name, const char *value)
{
	char *end;
	unsigned long number = strtoul(value, &end, 10);

	if (!isdigit((unsigned char)value[0]) || *end || number > 1024)
		return error_input("how many descriptors from 3 on stay open",
				   "option --%s: \"%s\" is not a number up to "
				   "1024",
				   name, value);
	*(unsigned int *)field = (unsigned int)number;
	return 0;
}

/* "table" is for people, and the default. */
int request_parse_format(void *field, const char *name, const char *value)
{
	*(bool *)field = strcmp(value, "json") == 0;
	if (*(bool *)field || strcmp(value, "table") == 0)
		return 0;
	return error_input("one of: table, json",
			   "option --%s: there is no format \"%s\"", name,
			   value);
}
