/*
 * Messages for an engine, in a file that it names with --log.
 *
 * containerd and Docker ask for JSON (--log-format json) and show the last
 * "msg" to their user: one more reason to print a failure only once.
 */
#include "10-full-container/log.h"

#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "01-uts/error.h"

static int log_fd = -1;
static bool log_is_json;

/* One line, in a single write(2): several runtimes append to one file. */
static void log_write(const char *message)
{
	char line[ERROR_MAX + 128], when[32];
	time_t now = time(NULL);
	json_t *entry;
	size_t length;

	strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", gmtime(&now));
	entry = json_pack("{s:s, s:s, s:s}", "level", "error", "msg", message,
			  "time", when);
	if (log_is_json && entry)
		length = json_dumpb(entry, line, sizeof(line) - 1,
				    JSON_COMPACT | JSON_PRESERVE_ORDER);
	else
		length = (size_t)snprintf(line, sizeof(line) - 1,
					  "%s error: %s", when, message);
	json_decref(entry);
	if (length > sizeof(line) - 1)
		length = sizeof(line) - 1;
	line[length++] = '\n';
	if (write(log_fd, line, length) < 0)
		return; /* standard error has it too */
}

static void log_sink(const char *message)
{
	error_to_stderr(message);
	log_write(message);
}

/* O_APPEND: each write(2) goes to the end, whoever else writes. */
int log_open(const char *path, bool json)
{
	if (!path)
		return 0;
	log_fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (log_fd < 0)
		return error_call(NULL, "open the log %s", path);
	log_is_json = json;
	error_sink = log_sink;
	return 0;
}
