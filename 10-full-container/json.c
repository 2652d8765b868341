#include "10-full-container/json.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "01-uts/cleanup.h"
#include "01-uts/error.h"

/* Read a whole file.  Returns its length, or -1 after a message. */
static ssize_t json_load(int dir, const char *path, char **text)
{
	CLEANUP_CLOSE int fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
	struct stat status;
	size_t length = 0;
	ssize_t got = 1;

	if (fd < 0 || fstat(fd, &status) < 0)
		return error_call(NULL, "open %s", path);
	if (!S_ISREG(status.st_mode) || status.st_size > JSON_SIZE_MAX)
		return error_input(NULL, "%s: not a file of up to %d bytes",
				   path, JSON_SIZE_MAX);
	*text = malloc((size_t)status.st_size + 1);
	if (!*text)
		return error_call(NULL, "read %s", path);
	while (got > 0 && length < (size_t)status.st_size) {
		got = read(fd, *text + length, (size_t)status.st_size - length);
		if (got < 0)
			return error_call(NULL, "read %s", path);
		length += (size_t)got;
	}
	(*text)[length] = '\0';
	return (ssize_t)length;
}

/* Where the string that starts at `text` ends: behind its closing quote. */
static size_t json_skip_string(const char *text)
{
	size_t length = 1;

	while (text[length] && text[length] != '"')
		length += text[length] == '\\' && text[length + 1] ? 2 : 1;
	return text[length] ? length + 1 : length;
}

/* Is this run of digits an integer from 2^63 to 2^64-1? */
static bool json_is_large(const char *text, size_t digits, char before)
{
	if (digits < 19 || digits > 20 || strchr(".eE", text[digits]) ||
	    strchr(".eE+-", before))
		return false;
	errno = 0;
	return strtoumax(text, NULL, 10) > INT64_MAX && errno == 0;
}

/*
 * Integers in config.json go up to 2^64-1 (RLIM_INFINITY), but those of
 * jansson end at 2^63-1.  A larger one is copied with quotes around it, which
 * node_unsigned() understands.  Returns -1 if the nesting is too deep.
 */
static int json_quote_large(const char *text, char *copy)
{
	size_t length;
	char before = ' ';
	int depth = 0;

	for (; *text; before = text[length - 1], text += length) {
		size_t digits = strspn(text, "0123456789");
		bool large = json_is_large(text, digits, before);

		length = *text == '"' ? json_skip_string(text)
				      : (digits ? digits : 1);
		depth += *text == '{' || *text == '[';
		depth -= *text == '}' || *text == ']';
		if (depth > JSON_DEPTH_MAX)
			return -1;
		if (large)
			*copy++ = '"';
		memcpy(copy, text, length);
		copy += length;
		if (large)
			*copy++ = '"';
	}
	*copy = '\0';
	return 0;
}

json_t *json_read_file(int dir, const char *path)
{
	CLEANUP_FREE char *text = NULL, *copy = NULL;
	ssize_t length = json_load(dir, path, &text);
	json_error_t error;
	json_t *document;

	if (length < 0 || !text)
		return NULL;
	if (strlen(text) != (size_t)length) {
		error_input(NULL, "%s: has a zero byte in it", path);
		return NULL;
	}
	copy = malloc((size_t)length + (size_t)length / 9 + 1);
	if (!copy) {
		error_call(NULL, "read %s", path);
		return NULL;
	}
	if (json_quote_large(text, copy) < 0) {
		error_input(NULL, "%s: nested deeper than %d levels", path,
			    JSON_DEPTH_MAX);
		return NULL;
	}
	document = json_loads(copy, JSON_REJECT_DUPLICATES, &error);
	if (!document)
		error_input(NULL, "%s: line %d, column %d: %s", path,
			    error.line, error.column, error.text);
	return document;
}
