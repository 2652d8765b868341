/*
 * Messages for an engine, in a file that it names with --log.
 *
 * containerd and Docker ask for JSON (--log-format json) and show the last
 * "msg" to their user: one more reason to print a failure only once.
 */
#include "10-full-container/talk/log.h"

#include <fcntl.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "01-uts/beyond/terminal.h"
#include "05-cgroups/beyond/owner.h"

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

static json_t *log_entry(const char *level, const char *message,
			 const char *when)
{
	return json_pack("{s:s, s:s, s:s}", "level", level, "msg", message,
			 "time", when);
}

/*
 * For free().  A name from outside need not be UTF-8, and JSON has to be: what
 * is none of it becomes "?".
 */
static char *log_json(const char *level, const char *message, const char *when)
{
	char *plain = strdupa(message), *line = NULL;
	json_t *entry = log_entry(level, message, when);

	for (char *c = plain; !entry && *c; c++)
		if ((unsigned char)*c >= 0x80)
			*c = '?';
	if (!entry)
		entry = log_entry(level, plain, when);
	if (entry)
		line = json_dumps(entry, JSON_COMPACT | JSON_PRESERVE_ORDER);
	json_decref(entry);
	return line;
}

/*
 * One line, in a single write(2): several runtimes append to one file.  All of
 * it, however long its escapes make it.
 */
static void log_write(const char *message)
{
	CLEANUP_FREE char *json = NULL, *line = NULL;
	const char *level = log_level(&message);
	time_t now = time(NULL);
	char when[32];
	int length;

	strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", gmtime(&now));
	if (log_is_json) {
		json = log_json(level, message, when);
		length = asprintf(&line, "%s\n", json ? json : "{}");
	} else {
		length = asprintf(&line, "%s %s: %s\n", when, level, message);
	}
	if (length < 0)
		line = NULL;
	if (!line || write(log_fd, line, (size_t)length) < 0)
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
	/* Or the log would be what is written to a closed standard error. */
	terminal_fill_standard();
	log_fd = owner_open_output(path, O_APPEND, 0600);
	if (log_fd < 0)
		return error_call(owner_output_hints, "open the log %s", path);
	log_is_json = json;
	error_sink = log_sink;
	return 0;
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
