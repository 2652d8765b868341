#include "tests/runner/helpers.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/runner/runner.h"

static char *vtext(const char *format, va_list list)
	__attribute__((format(printf, 1, 0)));

static char *vtext(const char *format, va_list list)
{
	char *result;

	if (vasprintf(&result, format, list) < 0)
		abort();
	return result;
}

char *text(const char *format, ...)
{
	va_list list;
	char *result;

	va_start(list, format);
	result = vtext(format, list);
	va_end(list);
	return result;
}

char *read_all(int fd)
{
	size_t length = 0, room = 65536;
	char *result = malloc(room + 1);
	ssize_t got;

	while (result && (got = read(fd, result + length, room - length)) > 0) {
		length += (size_t)got;
		if (length < room)
			continue;
		room *= 2;
		result = realloc(result, room + 1);
	}
	ck_assert_ptr_nonnull(result);
	result[length] = '\0';
	return result;
}

char *file_text(const char *format, ...)
{
	va_list list;
	char *path, *result;
	int fd;

	va_start(list, format);
	path = vtext(format, list);
	va_end(list);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	free(path);
	if (fd < 0)
		return text("%s", "");
	result = read_all(fd);
	close(fd);
	return result;
}

char *link_text(const char *format, ...)
{
	char target[4096] = "", *path;
	va_list list;

	va_start(list, format);
	path = vtext(format, list);
	va_end(list);
	if (readlink(path, target, sizeof(target) - 1) < 0)
		target[0] = '\0';
	free(path);
	return text("%s", target);
}

char *chomp(char *line)
{
	size_t length = strlen(line);

	if (length > 0 && line[length - 1] == '\n')
		line[length - 1] = '\0';
	return line;
}

char *shell(const char *format, ...)
{
	static const struct manner sh = { .program = "/bin/sh" };
	struct result *result;
	char *script;
	va_list list;

	va_start(list, format);
	script = vtext(format, list);
	va_end(list);
	result = run(&sh, WORDS("-c", script));
	return chomp(result->out);
}

const char *bin(void)
{
	return getenv("BIN");
}

bool on_ladder(void)
{
	return getenv("LADDER") != NULL;
}

bool own_program(void)
{
	return getenv("PROGRAM") == NULL && !on_ladder();
}

const char *program_under_test(void)
{
	const char *program = getenv("PROGRAM");

	if (program)
		return program;
	return text("%s/%s", bin(), stage_name);
}

const char *rootfs(void)
{
	const char *path = getenv("ROOTFS");

	if (!path || access(path, X_OK) < 0)
		skip("there is no root file system: make rootfs");
	return path;
}

void skip(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	runner_skip(vtext(format, list));
	va_end(list);
	exit(0);
}

/*
 * "05-cgroups: what, on what, why", and at most one more line, the hint.
 * Notes, which say what was done besides, may stand before it.
 */
static void is_one_clear_message(const char *err)
{
	size_t length = strlen(stage_name);
	char *notes = text("%s: note: ", stage_name);
	const char *end;

	while (strncmp(err, notes, strlen(notes)) == 0 && strchr(err, '\n'))
		err = strchr(err, '\n') + 1;
	ck_assert_msg(strncmp(err, stage_name, length) == 0 &&
			      strncmp(err + length, ": ", 2) == 0,
		      "the program's name is missing: %s", err);
	end = strchr(err, '\n');
	ck_assert_msg(end != NULL, "the line has no end: %s", err);
	if (strncmp(end, "\n  hint: ", 9) == 0)
		end = strchr(end + 1, '\n');
	ck_assert_msg(end && end[1] == '\0', "this is more than one line: %s",
		      err);
}

static void fails_with(const struct result *r, int status, const char *words,
		       const char *message)
{
	ck_assert_msg(r->status == status, "%s: exit status %d, not %d: %s",
		      words, r->status, status, r->err);
	ck_assert_msg(r->out[0] == '\0', "%s: it prints %s", words, r->out);
	if (!own_program())
		return;
	ck_assert_msg(has(r->err, message), "%s: expected \"%s\" in: %s", words,
		      message, r->err);
	is_one_clear_message(r->err);
}

void refuses(const char *const words[], const char *message)
{
	fails_with(run(NULL, words), 2, words[0] ? words[0] : "no words",
		   message);
}

void cannot(const struct manner *manner, const char *const words[],
	    const char *message)
{
	struct result *r = run(manner, words);

	fails_with(r, 125, words[0] ? words[0] : "no words", message);
	ck_assert_msg(!own_program() || has(r->err, "\n  hint: "),
		      "there is no hint: %s", r->err);
}
