/*
 * containerd and Docker ask for JSON (--log-format json) and show the last
 * "msg" to their user: one more reason to print a failure only once.
 */
#include "10-full-container/talk/engine.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "habits/whole.h"
#include "01-uts/beyond/terminal.h"
#include "05-cgroups/beyond/owner.h"
#include "10-full-container/talk/sync.h"

#define LOG_STEP       "debug: "
#define PID_FILE_TRIES 100

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
	error_make_plain(message);
	error_sink(message);
}

/* A rename would take the place of whatever is there: /dev/null, a link. */
int pid_file_check(const char *path)
{
	struct stat status;

	if (!path)
		return 0;
	if (lstat(path, &status) < 0)
		return errno == ENOENT
			       ? 0
			       : error_call(NULL, "look at the pid file %s",
					    path);
	if (S_ISREG(status.st_mode))
		return 0;
	return error_input("name a file, or one that is not there yet",
			   "--pid-file: %s is no regular file, and is not "
			   "replaced",
			   path);
}

/*
 * Beside it, under a name that nobody has: whoever may write to the directory
 * could have put a link there (O_EXCL follows none).
 */
static int pid_file_make(const char *path, char **name)
{
	int fd = -1;

	for (int i = 0; fd < 0 && i < PID_FILE_TRIES; i++) {
		if (asprintf(name, "%s.%d.%d.new", path, getpid(), i) < 0) {
			*name = NULL;
			return -1;
		}
		fd = open(*name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
		if (fd < 0) {
			free(*name);
			*name = NULL;
			if (errno != EEXIST)
				return -1;
		}
	}
	return fd;
}

/*
 * By a rename, so that a reader never finds it empty: an engine reads as soon
 * as the file is there.  The number is the one in our own PID namespace.
 */
int pid_file_write(const char *path, pid_t pid)
{
	CLEANUP_FREE char *name = NULL;
	CLEANUP_CLOSE int fd = -1;
	char text[16];

	if (!path)
		return 0;
	if (pid_file_check(path) < 0)
		return -1;
	snprintf(text, sizeof(text), "%d", pid);
	fd = pid_file_make(path, &name);
	if (fd >= 0 && whole_write(fd, text, strlen(text)) == 0 &&
	    rename(name, path) == 0)
		return 0;
	error_call(NULL, "write the process id to %s", path);
	if (fd >= 0)
		unlink(name);
	return -1;
}

/*
 * While the process is our child and not waited for: so the number can not
 * have become another process's before the descriptor is had.
 */
int pid_socket_send(const char *path, pid_t pid)
{
	CLEANUP_CLOSE int pidfd = -1, peer = -1;

	if (!path)
		return 0;
	peer = sync_connect("--pidfd-socket", path);
	if (peer < 0)
		return -1;
	pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (pidfd < 0 || sync_send_fd(peer, "pidfd", pidfd) < 0)
		return error_call(NULL, "send the process to the socket %s",
				  path);
	return 0;
}
