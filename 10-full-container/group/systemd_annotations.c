/*
 * Annotations named org.systemd.property.NAME: properties of the scope that
 * OCI has no word for, as users of systemd write them:
 *
 *     "org.systemd.property.TimeoutStopUSec": "uint64 123456789"
 *     "org.systemd.property.CollectMode": "'inactive-or-failed'"
 *
 * The value is text in GVariant's notation.  Understood are numbers, with
 * their type before them or int32, true and false, strings in quotes, and
 * lists of strings.  NAME of a time that ends in "Sec" is in seconds.
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "habits/count.h"
#include "habits/error.h"
#include "10-full-container/group/systemd_words.h"

/* The value as it was written, since its notation is unusual. */
static int annotation_complain(const char *key, const char *value,
			       const char *why)
{
	return error_input("a number with its type before it, true, 'text' or "
			   "['text', 'text']: \"uint64 5\"",
			   "config.json: annotations.%s: \"%.80s\" is not %s",
			   key, value, why);
}

/* D-Bus's letter for a type; the rest of the value begins after its name. */
static const char *annotation_type(const char **value)
{
	static const char *const types[][2] = {
		{ "byte ", "y" },   { "int16 ", "n" },  { "uint16 ", "q" },
		{ "int32 ", "i" },  { "uint32 ", "u" }, { "int64 ", "x" },
		{ "uint64 ", "t" },
	};

	for (size_t i = 0; i < COUNT(types); i++) {
		size_t length = strlen(types[i][0]);

		if (strncmp(*value, types[i][0], length) == 0) {
			*value += length;
			return types[i][1];
		}
	}
	return "i";
}

/* Its range is left to systemd, which knows the property. */
static bool annotation_is_number(const char *text)
{
	text += *text == '-';
	return *text && strspn(text, "0123456789") == strlen(text);
}

/* A string in quotes, which are cut off; NULL: it is none.  Moves on. */
static char *annotation_string(char **text)
{
	char *start = *text + 1, *end;

	if (**text != '\'' && **text != '"')
		return NULL;
	end = strchr(start, **text);
	if (!end || memchr(start, '\\', (size_t)(end - start)))
		return NULL;
	*end = '\0';
	*text = end + 1 + strspn(end + 1, " ");
	return start;
}

/* "['a', 'b']", or "@as []" if it is empty. */
static int annotation_add_list(struct systemd_words *p, const char *name,
			       char *text)
{
	char *items[64], *item;
	size_t count = 0;

	for (text += 1 + strspn(text + 1, " "); *text && *text != ']';) {
		item = annotation_string(&text);
		if (!item || count == 64 || !strchr(",]", *text))
			return -1;
		items[count++] = item;
		if (*text == ',')
			text += 1 + strspn(text + 1, " ");
	}
	if (strcmp(text, "]") != 0)
		return -1;
	systemd_words_add(p, name, "as", "%zu", count);
	for (size_t i = 0; i < count; i++)
		systemd_words_word(p, "%s", items[i]);
	return 0;
}

/* -1 without a message. */
static int annotation_add_value(struct systemd_words *p, const char *name,
				const char *value)
{
	char *text = strdupa(value), *string;
	const char *type;

	if (strcmp(value, "true") == 0 || strcmp(value, "false") == 0) {
		systemd_words_add(p, name, "b", "%s", value);
		return 0;
	}
	if (strncmp(text, "@as ", 4) == 0)
		text += 4;
	if (text[0] == '[')
		return annotation_add_list(p, name, text);
	string = annotation_string(&text);
	if (string && *text == '\0') {
		systemd_words_add(p, name, "s", "%s", string);
		return 0;
	}
	type = annotation_type(&value);
	if (!annotation_is_number(value))
		return -1;
	systemd_words_add(p, name, type, "%s", value);
	return 0;
}

/* systemd's bus has times only in microseconds: TimeoutStopUSec. */
static int annotation_add_seconds(struct systemd_words *p, const char *name,
				  const char *value)
{
	int stem = (int)(strlen(name) - strlen("Sec"));
	char *longer = NULL;
	uint64_t seconds;

	annotation_type(&value);
	seconds = strtoull(value, NULL, 10);
	if (!annotation_is_number(value) || value[0] == '-' ||
	    seconds > UINT64_MAX / 1000000)
		return -1;
	if (asprintf(&longer, "%.*sUSec", stem, name) < 0)
		return -1;
	systemd_words_add(p, longer, "t", "%" PRIu64, seconds * 1000000);
	free(longer);
	return 0;
}

/* NAME in letters alone: it becomes a word on a command line. */
static int annotation_add(struct systemd_words *p, const char *key,
			  const char *value)
{
	const char *name = key + strlen(ANNOTATION_PROPERTY);
	size_t length = strlen(name);
	bool is_seconds = length > 3 && strcmp(name + length - 3, "Sec") == 0 &&
			  !(length > 4 && name[length - 4] == 'U');

	for (const char *c = name; *c; c++)
		if (!isalpha((unsigned char)*c))
			length = 0;
	if (length < 2)
		return annotation_complain(key, name, "the name of a property");
	if ((is_seconds ? annotation_add_seconds(p, name, value)
			: annotation_add_value(p, name, value)) < 0)
		return annotation_complain(key, value, "understood");
	return 0;
}

/* All other annotations are for somebody else. */
int systemd_words_add_annotations(struct systemd_words *p,
				  const json_t *annotations)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)annotations, key, value)
	{
		if (strncmp(key, ANNOTATION_PROPERTY,
			    strlen(ANNOTATION_PROPERTY)) != 0)
			continue;
		if (!json_is_string(value))
			return annotation_complain(key, "this", "a string");
		if (annotation_add(p, key, json_string_value(value)) < 0)
			return -1;
	}
	return 0;
}
