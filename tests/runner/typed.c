#include "tests/runner/typed.h"

#include <stdlib.h>
#include <string.h>

#include "tests/runner/helpers.h"

/* What means nothing to a shell. */
#define PLAIN                        \
	"abcdefghijklmnopqrstuvwxyz" \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZ" \
	"0123456789"                 \
	"-_./:,=+%@"

static char *typed_word(const char *word)
{
	char *result = text("%s", "'");

	if (word[0] && strspn(word, PLAIN) == strlen(word))
		return text("%s", word);
	for (; *word; word++)
		result = *word == '\'' ? text("%s'\\''", result)
				       : text("%s%c", result, *word);
	return text("%s'", result);
}

char *typed(char *const words[])
{
	char *line = text("%s", "");

	for (; *words; words++)
		line = text("%s%s%s", line, line[0] ? " " : "",
			    typed_word(*words));
	return line;
}

/* As it is outside of quotes: what a shell would take gets a backslash. */
static char *escaped(const char *path)
{
	char *result = text("%s", "");

	for (; *path; path++)
		result = text("%s%s%c", result,
			      strchr(PLAIN, *path) ? "" : "\\", *path);
	return result;
}

/* All of `line`, with `path` where it has `place`. */
static char *exchange(char *line, const char *place, const char *path)
{
	char *at = strstr(line, place);

	if (!at)
		return line;
	return text("%.*s%s%s", (int)(at - line), line, path,
		    exchange(at + strlen(place), place, path));
}

char *typed_here(const char *line)
{
	static const char *const shown[] = { "BIN", "ROOTFS", "PROGRAM",
					     "ATTACKS" };
	char *result = text("%s", line), *directory;
	const char *path;

	for (size_t i = 0; i < sizeof(shown) / sizeof(char *); i++) {
		path = getenv(shown[i]);
		if (!path || !strrchr(path, '/'))
			continue;
		directory = text("%s", path);
		*strrchr(directory, '/') = '\0';
		result = exchange(result, text("/mnt/%s/", shown[i]),
				  text("%s/", escaped(directory)));
	}
	return result;
}
