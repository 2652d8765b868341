#include "tests/runner/run.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/runner/deny.h"
#include "tests/runner/helpers.h"
#include "tests/runner/judged.h"
#include "tests/runner/runner.h"

#define WORDS_MAX  128
#define NOBODY     65534
#define NO_PROGRAM 99 /* it could not be executed */

#define LEFT_OPEN_LAST 20

/* The command line: NEW and MAYBE words only where the program has them. */
static void command_line(const char *program, const char *const words[],
			 char *line[WORDS_MAX])
{
	bool is_left_out = false;
	int count = 0;

	if (program[0])
		line[count++] = text("%s", program);
	for (; *words; words++) {
		if (strcmp(*words, NEW) == 0)
			is_left_out = on_ladder();
		else if (strcmp(*words, MAYBE) == 0)
			is_left_out = judged_lacks(words[1]);
		else if (strcmp(*words, SAME) == 0)
			is_left_out = false;
		else if (!is_left_out)
			line[count++] = text("%s", *words);
		ck_assert_int_lt(count, WORDS_MAX);
	}
	line[count] = NULL;
}

static void *memdup(const void *data, size_t size)
{
	void *copy = malloc(size);

	ck_assert_ptr_nonnull(copy);
	return memcpy(copy, data, size);
}

static void take_terminal(int terminal)
{
	setsid();
	ioctl(terminal, TIOCSCTTY, 0);
	for (int fd = 0; fd < 3; fd++)
		dup2(terminal, fd);
}

static void leave_open(const char *directory)
{
	int fd = open(directory, O_RDONLY | O_DIRECTORY);

	for (int copy = 3; copy <= LEFT_OPEN_LAST; copy++)
		if (fd < 0 || dup2(fd, copy) < 0)
			_exit(NO_PROGRAM);
	if (fd > LEFT_OPEN_LAST)
		close(fd);
}

/* In the child: become the program. */
static _Noreturn void become(const struct manner *manner, char *line[])
{
	if (manner->terminal > 0)
		take_terminal(manner->terminal);
	/* Whoever started the tests may ignore some: nohup(1) does. */
	for (int i = 1; i < NSIG; i++)
		signal(i, SIG_DFL);
	if (manner->denied_error)
		deny_call(manner);
	for (int fd = 3; fd < 256; fd++)
		if (fd != manner->keep_fd)
			close(fd);
	if (manner->left_open)
		leave_open(manner->left_open);
	if (manner->ordinary_user && (setgroups(0, NULL) < 0 ||
				      setgid(NOBODY) < 0 || setuid(NOBODY) < 0))
		_exit(NO_PROGRAM);
	if (manner->traced)
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	execvp(line[0], line);
	dprintf(STDERR_FILENO, "cannot run %s: %s\n", line[0], strerror(errno));
	_exit(NO_PROGRAM);
}

struct running start(const struct manner *manner, const char *const words[])
{
	static const struct manner usual;
	struct running running;
	char *line[WORDS_MAX];
	int in[2], out[2];

	manner = manner ? manner : &usual;
	command_line(manner->program ? manner->program : program_under_test(),
		     words, line);
	ck_assert_int_eq(pipe2(in, O_CLOEXEC), 0);
	ck_assert_int_eq(pipe2(out, O_CLOEXEC), 0);
	running.is_tested = manner->program == NULL;
	if (running.is_tested) {
		judged_check(line);
		runner_ran(line);
	}
	running.line = memdup(line, sizeof(line));
	runner_step("to start", line);
	running.err = memfd_create("stderr", MFD_CLOEXEC);
	running.pid = fork();
	if (running.pid == 0) {
		dup2(in[0], STDIN_FILENO);
		dup2(out[1], STDOUT_FILENO);
		dup2(running.err, STDERR_FILENO);
		become(manner, line);
	}
	ck_assert_int_gt(running.pid, 0);
	close(in[0]);
	close(out[1]);
	running.in = in[1];
	running.out = out[0];
	return running;
}

/* Is it the command by now, and no longer the program that it was? */
static bool has_become_command(pid_t pid, char *const line[])
{
	char *name = chomp(file_text("/proc/%d/comm", (int)pid));

	for (line++; *line; line++) {
		const char *slash = strrchr(*line, '/');

		if (strcmp(slash ? slash + 1 : *line, name) == 0)
			return true;
	}
	return false;
}

/* The program itself must never crash, whatever a test is about. */
static int status_of(pid_t pid, char *const line[])
{
	static const int crashes[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE,
				       SIGABRT };
	bool is_command;
	siginfo_t info;
	int status;

	waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT);
	is_command = has_become_command(pid, line);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	if (!WIFSIGNALED(status))
		return WEXITSTATUS(status);
	if (is_command)
		return 128 + WTERMSIG(status);
	for (size_t i = 0; i < sizeof(crashes) / sizeof(int); i++)
		ck_assert_msg(WTERMSIG(status) != crashes[i],
			      "the program crashed: %s",
			      strsignal(WTERMSIG(status)));
	return 128 + WTERMSIG(status);
}

/* What the program wrote to its standard error so far. */
static char *errors_of(const struct running *running)
{
	lseek(running->err, 0, SEEK_SET);
	return read_all(running->err);
}

/* Did the program say that it failed?  Its notes come first and are no failure. */
static bool run_complains(const char *errors)
{
	const char *program = strrchr(program_under_test(), '/') + 1;
	char *begin = text("%s: ", program);
	char *note = text("%s: note: ", program);

	while (strncmp(errors, note, strlen(note)) == 0) {
		errors += strcspn(errors, "\n");
		errors += *errors == '\n';
	}
	return strncmp(errors, begin, strlen(begin)) == 0;
}

/* "sh: can't fork": a word of the line complains, so that command ran. */
static bool command_complains(char *const line[], const char *errors)
{
	for (; *line; line++) {
		size_t length = strlen(*line);

		if (length > 0 && strncmp(errors, *line, length) == 0 &&
		    strncmp(errors + length, ": ", 2) == 0)
			return true;
	}
	return false;
}

/*
 * A test of isolation proves nothing if the command did not run: a host that
 * nobody touched is unchanged, and no output names no file of the host.
 * Of somebody else's program it is not known how it complains; 2 is also a
 * shell's status.
 */
static void must_have_run(const struct result *result, char *const line[])
{
	bool complains = run_complains(result->err);

	if (result->status != 2 && result->status != 125 &&
	    (!complains || (result->status != 126 && result->status != 127)))
		return;
	if (result->status == 2 && command_complains(line + 1, result->err))
		return;
	if (!own_program() && !on_ladder())
		complains = complains || result->out[0] == '\0';
	if (complains && on_ladder())
		runner_not_comparable(result->err);
	else if (complains)
		ck_abort_msg("the program did not run the command: %s",
			     result->err);
}

struct result *finish(struct running *running)
{
	struct result *result = calloc(1, sizeof(*result));

	ck_assert_ptr_nonnull(result);
	if (running->in >= 0)
		close(running->in);
	runner_step("to wait for the end of", running->line);
	result->out = read_all(running->out);
	close(running->out);
	result->status = status_of(running->pid, running->line);
	result->err = errors_of(running);
	close(running->err);
	runner_step("after the end of", running->line);
	ck_assert_msg(result->status != NO_PROGRAM ||
			      !has(result->err, "cannot run "),
		      "%s", result->err);
	ck_assert_msg(!has(result->err, "Sanitizer") &&
			      !has(result->err, "runtime error:"),
		      "%s", result->err);
	if (running->is_tested && runner_is_isolation())
		must_have_run(result, running->line);
	return result;
}

struct result *run(const struct manner *manner, const char *const words[])
{
	struct running running = start(manner, words);

	close(running.in);
	running.in = -1;
	return finish(&running);
}

static const char *name_of(const struct running *running)
{
	const char *slash = strrchr(running->line[0], '/');

	return slash ? slash + 1 : running->line[0];
}

char *next_line(struct running *running)
{
	char line[4096];
	size_t length = 0;

	while (length < sizeof(line) - 1) {
		if (read(running->out, line + length, 1) != 1)
			ck_abort_msg("%s ended early: %s",
				     running->is_tested ? "the program"
							: name_of(running),
				     errors_of(running));
		if (line[length] == '\n')
			break;
		length++;
	}
	line[length] = '\0';
	return text("%s", line);
}

void expect(struct running *running, const char *line)
{
	char *got;

	runner_step(text("to wait for the line \"%s\" of", line),
		    running->line);
	do
		got = next_line(running);
	while (strcmp(got, line) != 0);
}

void feed(struct running *running, const char *words)
{
	size_t length = strlen(words);

	ck_assert_int_eq(write(running->in, words, length), (int)length);
}
