#include "10-full-container/json.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "01-uts/cleanup.h"
#include "01-uts/error.h"
#include "10-full-container/json_scan.h"

/* Read a whole file.  Returns its length, or -1 after a message. */
static ssize_t json_load(int dir, const char *path, char **text)
{
	CLEANUP_CLOSE int fd =
		openat(dir, path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
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
	copy = malloc(2 * (size_t)length + 1);
	if (!copy) {
		error_call(NULL, "read %s", path);
		return NULL;
	}
	if (json_scan_copy(text, copy, path) < 0)
		return NULL;
	document = json_loads(copy, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL,
			      &error);
	if (!document)
		return json_complain(path, copy, (size_t)error.position,
				     &error);
	return document;
}
