/*
 * Messages for an engine, in a file that it names with --log.
 *
 * containerd and Docker ask for JSON (--log-format json) and show the last
 * "msg" to their user: one more reason to print a failure only once.
 */
#include "10-full-container/log.h"

#include <fcntl.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "01-uts/error.h"
#include "05-cgroups/owner.h"

#define LOG_STEP "debug: "

static int log_fd = -1;
static bool log_is_json, log_has_steps;

/* Engines take the lines of level "error" for the reason of a failure. */
static const struct {
	const char *label, *level;
} log_levels[] = {
	{ LOG_STEP, "debug" },
	{ "note: ", "warning" },
	{ "", "error" },
};

/* Moves on to what follows the label. */
static const char *log_level(const char **message)
{
	size_t i = 0, length;

	while (strncmp(*message, log_levels[i].label,
		       length = strlen(log_levels[i].label)) != 0)
		i++;
	*message += length;
	return log_levels[i].level;
}

/* A note or a step does not make a verb fail: see sync.c. */
bool log_is_harmless(const char *message)
{
	return strcmp(log_level(&message), "error") != 0;
}

/* One line, in a single write(2): several runtimes append to one file. */
static void log_write(const char *message)
{
	char line[ERROR_MAX + 128], when[32];
	const char *level = log_level(&message);
	time_t now = time(NULL);
	json_t *entry;
	size_t length;

	strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", gmtime(&now));
	entry = json_pack("{s:s, s:s, s:s}", "level", level, "msg", message,
			  "time", when);
	if (log_is_json && entry)
		length = json_dumpb(entry, line, sizeof(line) - 1,
				    JSON_COMPACT | JSON_PRESERVE_ORDER);
	else
		length = (size_t)snprintf(line, sizeof(line) - 1, "%s %s: %s",
					  when, level, message);
	json_decref(entry);
	if (length > sizeof(line) - 1)
		length = sizeof(line) - 1;
	line[length++] = '\n';
	if (write(log_fd, line, length) < 0)
		return; /* standard error has it too */
}

/* Both: an engine reads the file, or what the program printed, or both. */
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
	log_fd = owner_open_output(path, O_APPEND, 0600);
	if (log_fd < 0)
		return error_call(owner_output_hints, "open the log %s", path);
	log_is_json = json;
	error_sink = log_sink;
	return 0;
}

int log_descriptor(void)
{
	return log_fd;
}

void log_steps(void)
{
	log_has_steps = true;
}

/*
 * --debug.  Through the same sink as errors, so that what a child says comes
 * over the channel in its place among the parent's steps.
 */
void log_step(const char *format, ...)
{
	char message[1024] = LOG_STEP;
	size_t length = strlen(message);
	va_list list;

	if (!log_has_steps)
		return;
	va_start(list, format);
	vsnprintf(message + length, sizeof(message) - length, format, list);
	va_end(list);
	error_sink(message);
}
