/*
 * A walk over JSON text, token by token, without building anything.
 *
 * It knows just enough to say where it is: which objects and arrays are open,
 * and at which key or index.  With that, a complaint of the parser ("line 7,
 * column 3") becomes one that a person can use: linux.seccomp.syscalls[3].
 */
#include "10-full-container/guard/json_scan.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "habits/error.h"
#include "10-full-container/guard/json.h"

/* One object or array that is open, and where in it we are. */
struct scan_level {
	bool is_object, wants_key;
	const char *key; /* with its quotes; NULL: none yet */
	size_t key_length;
	size_t index;
};

/* Level 0 is what is around the document. */
struct scan {
	const char *place;
	char before; /* the last character of the token before */
	int depth;
	struct scan_level levels[JSON_DEPTH_MAX + 1];
};

/* strspn(3) makes a table first, so that it is not asked for every byte. */
static size_t scan_digits(const char *text)
{
	return isdigit((unsigned char)*text) ? strspn(text, "0123456789") : 0;
}

/* Where the string that starts at `text` ends: behind its closing quote. */
static size_t scan_string(const char *text)
{
	size_t length = 1;

	while (text[length] && text[length] != '"')
		length += text[length] == '\\' && text[length + 1] ? 2 : 1;
	return text[length] ? length + 1 : length;
}

/* Deeper than the table the depth is only counted, and then refused. */
static void scan_open(struct scan *s, bool is_object)
{
	s->depth++;
	if (s->depth <= JSON_DEPTH_MAX)
		s->levels[s->depth] =
			(struct scan_level){ .is_object = is_object,
					     .wants_key = is_object };
}

/* The length of the next token, or part of one; the levels follow it. */
static size_t scan_token(struct scan *s)
{
	struct scan_level *level = &s->levels[s->depth];
	size_t digits = scan_digits(s->place);
	size_t length = digits ? digits : 1;

	switch (*s->place) {
	case ' ':
	case '\n':
		length = strspn(s->place, " \n"); /* half of a document */
		break;
	case '{':
	case '[':
		scan_open(s, *s->place == '{');
		break;
	case '}':
	case ']':
		s->depth -= s->depth > 0;
		break;
	case ',':
		level->wants_key = level->is_object;
		level->index++;
		break;
	case '"':
		length = scan_string(s->place);
		if (level->wants_key) {
			level->key = s->place;
			level->key_length = length;
		}
		level->wants_key = false;
		break;
	default:
		break;
	}
	return length;
}

static void scan_next(struct scan *s, size_t length)
{
	s->before = s->place[length - 1];
	s->place += length;
}

/* Write the levels down: "linux.mounts[3].options". */
static void scan_write_way(const struct scan *s, char way[JSON_WAY_MAX])
{
	size_t used = 0;

	way[0] = '\0';
	for (int i = 1; i <= s->depth && used < JSON_WAY_MAX; i++) {
		const struct scan_level *level = &s->levels[i];
		char *end = way + used;
		size_t room = JSON_WAY_MAX - used;

		if (!level->is_object)
			used += (size_t)snprintf(end, room, "[%zu]",
						 level->index);
		else if (level->key && level->key_length > 1)
			used += (size_t)snprintf(
				end, room, "%s%.*s", used ? "." : "",
				(int)level->key_length - 2, level->key + 1);
	}
}

/* The way to what is at this byte of the text. */
void json_scan_way(const char *text, size_t place, char way[JSON_WAY_MAX])
{
	struct scan s = { .place = text };

	while (*s.place && (size_t)(s.place - text) < place &&
	       s.depth < JSON_DEPTH_MAX)
		scan_next(&s, scan_token(&s));
	scan_write_way(&s, way);
}

/* Is this run of digits an integer from 2^63 to 2^64-1? */
static bool scan_is_large(const struct scan *s, size_t digits)
{
	if (digits < 19 || digits > 20 || strchr(".eE", s->place[digits]) ||
	    strchr(".eE+-", s->before))
		return false;
	errno = 0;
	return strtoumax(s->place, NULL, 10) > INT64_MAX && errno == 0;
}

/* Does the string contain "\u0000"?  A backslash may be escaped itself. */
static bool scan_has_zero(const char *string, size_t length)
{
	for (size_t i = 0; i + 5 < length; i++) {
		if (string[i] != '\\')
			continue;
		if (strncmp(string + i, "\\u0000", 6) == 0)
			return true;
		i++;
	}
	return false;
}

static int scan_complain(const struct scan *s, const char *path,
			 const char *what)
{
	char way[JSON_WAY_MAX];

	scan_write_way(s, way);
	return error_input(NULL, "%s: %.200s%s: %s", path, way,
			   strlen(way) > 200 ? "..." : "", what);
}

/*
 * jansson has 63 bits for an integer, and config.json has numbers of 64 (a
 * seccomp mask, RLIM_INFINITY).  Those are copied as strings with a mark in
 * front that no honest string can have.
 */
int json_scan_copy(const char *text, char *copy, const char *path)
{
	struct scan s = { .place = text, .before = ' ' };
	int count = 0;
	size_t length;

	for (; *s.place; scan_next(&s, length)) {
		bool large = scan_is_large(&s, scan_digits(s.place));

		length = scan_token(&s);
		if (s.depth > JSON_DEPTH_MAX) {
			s.depth = JSON_DEPTH_MAX;
			return scan_complain(&s, path,
					     "is nested deeper than 64 levels");
		}
		if (*s.place == '"' && scan_has_zero(s.place, length))
			return scan_complain(&s, path,
					     "has a zero byte (\\u0000)");
		count += large;
		if (!copy)
			continue;
		if (large)
			copy = stpcpy(copy, "\"\\u0000");
		copy = mempcpy(copy, s.place, length);
		if (large)
			*copy++ = '"';
	}
	if (copy)
		*copy = '\0';
	return count;
}
