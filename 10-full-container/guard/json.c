/*
 * Reading JSON from somebody who may wish us ill.
 *
 * jansson parses; before that the text is checked for what a parser would
 * accept and a runtime must not: a zero byte in a string, which C would take
 * for its end, and nesting without end.  That is a walk token by token, which
 * builds nothing and knows just enough to say where it is: with that, the
 * parser's "line 7, column 3" becomes linux.seccomp.syscalls[3].
 */
#include "10-full-container/guard/json.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"

#define JSON_WAY_MAX 512

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
static void json_scan_way(const char *text, size_t place,
			  char way[JSON_WAY_MAX])
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
 * seccomp mask, RLIM_INFINITY).  Those are copied as strings that begin with a
 * zero byte, which no honest string can have: see value_item_unsigned().
 * `copy` has room for twice the length, or is NULL: then they are only
 * counted.  Returns how many there are, or -1 after a message.
 */
static int json_scan_copy(const char *text, char *copy, const char *path)
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

/*
 * All that can be read, and a zero byte after it.  Returns the length, or -1
 * after a message.  What is too long is not read to its end.
 */
static ssize_t json_load(int fd, const char *name, char **text)
{
	size_t length = 0, size = 0;
	ssize_t got = 1;

	while (got > 0 && length <= JSON_SIZE_MAX) {
		if (length + 1 >= size) {
			char *more;

			size = 2 * size + 16384;
			more = realloc(*text, size);
			if (!more)
				return error_call(NULL, "read %s", name);
			*text = more;
		}
		got = read(fd, *text + length, size - length - 1);
		if (got < 0)
			return error_call(NULL, "read %s", name);
		length += (size_t)got;
	}
	if (length > JSON_SIZE_MAX)
		return error_input(NULL, "%s: more than %d bytes", name,
				   JSON_SIZE_MAX);
	(*text)[length] = '\0';
	return (ssize_t)length;
}

/* Where in the document: "config.json: linux.seccomp: line 7, column 3: ..." */
static json_t *json_complain(const char *path, const char *text, size_t place,
			     const json_error_t *error)
{
	char way[JSON_WAY_MAX];

	json_scan_way(text, place, way);
	error_input(NULL, "%s:%s%s%s line %d, column %d: %s", path,
		    way[0] ? " " : "", way, way[0] ? ":" : "", error->line,
		    error->column, error->text);
	return NULL;
}

/*
 * Three passes: a zero byte that is not written as an escape, then what
 * the walk looks for, then the parser.  Of two members with one name the
 * parser would take one, and another program perhaps the other: an error.
 */
json_t *json_read(int fd, const char *path)
{
	CLEANUP_FREE char *text = NULL, *copy = NULL;
	ssize_t length = json_load(fd, path, &text);
	json_error_t error;
	json_t *document;
	int large;

	if (length < 0 || !text)
		return NULL;
	if (strlen(text) != (size_t)length) {
		error_input(NULL, "%s: has a zero byte in it", path);
		return NULL;
	}
	large = json_scan_copy(text, NULL, path);
	if (large > 0) { /* rarely */
		copy = calloc(2, (size_t)length + 1);
		if (!copy) {
			error_call(NULL, "read %s", path);
			return NULL;
		}
		json_scan_copy(text, copy, path);
	}
	if (large < 0)
		return NULL;
	document = json_loads(copy ? copy : text,
			      JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
	if (!document)
		return json_complain(path, copy ? copy : text,
				     (size_t)error.position, &error);
	return document;
}

/* A pipe in the place of config.json could keep us waiting for ever. */
json_t *json_read_file(int dir, const char *path)
{
	CLEANUP_CLOSE int fd =
		openat(dir, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat status;

	if (fd < 0 || fstat(fd, &status) < 0) {
		error_call(NULL, "open %s", path);
		return NULL;
	}
	if (!S_ISREG(status.st_mode) || status.st_size > JSON_SIZE_MAX) {
		error_input(NULL, "%s: not a file of up to %d bytes", path,
			    JSON_SIZE_MAX);
		return NULL;
	}
	return json_read(fd, path);
}

/* "cpu.usage.total": makes what is missing on the way; an old value stays. */
void json_set_path(json_t *object, const char *path, json_t *value)
{
	size_t length = strcspn(path, ".");
	char key[64];
	json_t *member;

	snprintf(key, sizeof(key), "%.*s", (int)length, path);
	member = json_object_get(object, key);
	if (path[length] == '\0') {
		if (member)
			json_decref(value);
		else
			json_object_set_new(object, key, value);
		return;
	}
	if (!member)
		json_object_set_new(object, key, member = json_object());
	json_set_path(member, path + length + 1, value);
}

json_t *json_words(const char *words)
{
	json_t *list = json_array();
	char *rest = strdupa(words), *word;

	while ((word = strsep(&rest, ",")) != NULL)
		if (word[0])
			json_array_append_new(list, json_string(word));
	return list;
}
