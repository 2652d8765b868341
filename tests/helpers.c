#include "tests/helpers.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/runner.h"

#define WORDS_MAX 128
#define NOBODY    65534

char *text(const char *format, ...)
{
	va_list list;
	char *result;

	va_start(list, format);
	ck_assert_int_ge(vasprintf(&result, format, list), 0);
	va_end(list);
	return result;
}

/* All that can be read from a descriptor. */
static char *read_all(int fd)
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
	ck_assert_int_ge(vasprintf(&path, format, list), 0);
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
	ck_assert_int_ge(vasprintf(&path, format, list), 0);
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

const char *bin(void)
{
	return getenv("BIN");
}

bool own_program(void)
{
	return getenv("PROGRAM") == NULL && !on_ladder();
}

bool on_ladder(void)
{
	return getenv("LADDER") != NULL;
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
	char reason[256];
	va_list list;

	va_start(list, format);
	vsnprintf(reason, sizeof(reason), format, list);
	va_end(list);
	runner_skip(reason);
	exit(0);
}

const char *program_under_test(void)
{
	const char *program = getenv("PROGRAM");

	if (program)
		return program;
	return text("%s/%s", bin(), stage_name);
}

/* The command line: NEW words only where the stage has them. */
static void command_line(const char *program, const char *const words[],
			 char *line[WORDS_MAX])
{
	bool is_new = false;
	int count = 0;

	if (program[0])
		line[count++] = text("%s", program);
	for (; *words; words++) {
		if (strcmp(*words, NEW) == 0)
			is_new = true;
		else if (strcmp(*words, SAME) == 0)
			is_new = false;
		else if (!is_new || !on_ladder())
			line[count++] = text("%s", *words);
		ck_assert_int_lt(count, WORDS_MAX);
	}
	line[count] = NULL;
}

/* In the child: have one system call answered with an error. */
static void deny_call(const struct manner *manner)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
			 (unsigned int)manner->denied_call, 0, 1),
		BPF_STMT(BPF_RET | BPF_K,
			 SECCOMP_RET_ERRNO |
				 (unsigned int)manner->denied_error),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { 4, filter };

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

/* In the child: become the program. */
static _Noreturn void become(const struct manner *manner, char *line[])
{
	if (manner->terminal > 0) {
		setsid();
		ioctl(manner->terminal, TIOCSCTTY, 0);
		for (int fd = 0; fd < 3; fd++)
			dup2(manner->terminal, fd);
	}
	signal(SIGPIPE, SIG_DFL);
	for (int fd = 3; fd < 256; fd++)
		if (fd != manner->keep_fd)
			close(fd);
	if (manner->ordinary_user && (setgroups(0, NULL) < 0 ||
				      setgid(NOBODY) < 0 || setuid(NOBODY) < 0))
		_exit(99);
	if (manner->denied_error)
		deny_call(manner);
	execvp(line[0], line);
	_exit(99);
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

static int wait_status_of(pid_t pid)
{
	int status;

	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
				   : WEXITSTATUS(status);
}

struct result *finish(struct running *running)
{
	struct result *result = calloc(1, sizeof(*result));

	ck_assert_ptr_nonnull(result);
	if (running->in >= 0)
		close(running->in);
	result->out = read_all(running->out);
	close(running->out);
	result->status = wait_status_of(running->pid);
	lseek(running->err, 0, SEEK_SET);
	result->err = read_all(running->err);
	close(running->err);
	ck_assert_msg(!has(result->err, "Sanitizer"), "%s", result->err);
	return result;
}

struct result *run(const struct manner *manner, const char *const words[])
{
	struct running running = start(manner, words);

	close(running.in);
	running.in = -1;
	return finish(&running);
}

char *next_line(struct running *running)
{
	char line[4096];
	size_t length = 0;

	while (length < sizeof(line) - 1) {
		if (read(running->out, line + length, 1) != 1) {
			lseek(running->err, 0, SEEK_SET);
			ck_abort_msg("the program ended early: %s",
				     read_all(running->err));
		}
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

	do
		got = next_line(running);
	while (strcmp(got, line) != 0);
}

void feed(struct running *running, const char *words)
{
	size_t length = strlen(words);

	ck_assert_int_eq(write(running->in, words, length), (int)length);
}

char *shell(const char *format, ...)
{
	static const struct manner sh = { .program = "/bin/sh" };
	struct result *result;
	char *script;
	va_list list;

	va_start(list, format);
	ck_assert_int_ge(vasprintf(&script, format, list), 0);
	va_end(list);
	result = run(&sh, WORDS("-c", script));
	return chomp(result->out);
}

void refuses(const char *const words[], const char *message)
{
	struct result *r = run(NULL, words);

	ck_assert_msg(r->status == 2, "%s: exit status %d: %s", words[0],
		      r->status, r->err);
	ck_assert_str_eq(r->out, "");
	if (!own_program())
		return;
	ck_assert_msg(has(r->err, message), "expected \"%s\" in: %s", message,
		      r->err);
	ck_assert_msg(strncmp(r->err, stage_name, strlen(stage_name)) == 0,
		      "the program's name is missing: %s", r->err);
}
