/*
 * Reading JSON from somebody who may wish us ill.
 *
 * jansson parses; before that the text is checked for what a parser would
 * accept and a runtime must not: a zero byte in a string, which C would take
 * for its end, and nesting without end.  After that, what is wrong is told
 * with the way to it.
 */
#include "10-full-container/guard/json.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "10-full-container/guard/json_scan.h"

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
 * json_scan.h looks for, then the parser.  Of two members with one name the
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
	if (large > 0) { /* rarely: see json_scan.h */
		copy = malloc(2 * (size_t)length + 1);
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
