/*
 * mount(8)'s commas and quotes, as calls of fsconfig(2).
 */
#include "03-mount/beyond/words.h"

#include <errno.h>
#include <linux/mount.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "habits/cleanup.h"
#include "03-mount/syscalls.h"

#define WORDS_VALUE_MAX 255 /* of one option: see fsconfig(2) */

/* Cut off the first of them; between quotes a comma is none. */
static char *words_next(char **rest)
{
	char *option = *rest, *end = option;
	bool is_quoted = false;

	for (; end && *end && (is_quoted || *end != ','); end++)
		is_quoted ^= *end == '"';
	if (end)
		*rest = *end ? end + 1 : NULL;
	if (end)
		*end = '\0';
	return option;
}

/* "name", "name=value" or "name=\"value, with a comma\"". */
static int words_set_one(int context, char *option)
{
	char *value = strchr(option, '=');
	size_t length;

	if (!value)
		return fsconfig(context, FSCONFIG_SET_FLAG, option, NULL, 0);
	*value++ = '\0';
	length = strlen(value);
	if (length > 1 && value[0] == '"' && value[length - 1] == '"') {
		value[length - 1] = '\0';
		value++;
	}
	errno = ENAMETOOLONG;
	if (strlen(value) > WORDS_VALUE_MAX)
		return -1;
	return fsconfig(context, FSCONFIG_SET_STRING, option, value, 0);
}

int words_set(int context, const char *options)
{
	CLEANUP_FREE char *copy = strdup(options);
	char *rest = copy, *option;

	if (!copy)
		return -1;
	while ((option = words_next(&rest)) != NULL)
		if (option[0] && words_set_one(context, option) < 0)
			return -1;
	return 0;
}
