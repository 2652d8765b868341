#include "tests/faults/command.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "tests/faults/text.h"
#include "tests/faults/world.h"

#define HANGS_MS 30000

char *command_path(const char *program)
{
	const char *bin = getenv("BIN");

	if (program[0] == '/')
		return text_format("%s", program);
	return text_format("%s/%s", bin ? bin : "bin", program);
}

int command_output(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC,
		      0644);

	if (fd < 0)
		err(1, "%s", path);
	return fd;
}

/* What hangs is killed: 137. */
static int command_wait(pid_t pid)
{
	struct pollfd end = { .events = POLLIN };
	int status;

	end.fd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (poll(&end, 1, HANGS_MS) != 1)
		kill(pid, SIGKILL);
	close(end.fd);
	if (waitpid(pid, &status, 0) < 0)
		err(1, "waitpid");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int command_run(const char *out, const char *const words[])
{
	CLEANUP_CLOSE int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	CLEANUP_CLOSE int said = command_output(out);
	CLEANUP_CLOSE int trouble = command_output(OUT_TROUBLE);
	pid_t pid = fork();

	if (pid < 0)
		err(1, "fork");
	if (pid == 0) {
		if (dup2(null, 0) < 0 || dup2(said, 1) < 0 ||
		    dup2(trouble, 2) < 0)
			_exit(127);
		execv(words[0], (char *const *)words);
		_exit(127);
	}
	return command_wait(pid);
}

int command_runtime(const char *out, const char *const words[])
{
	CLEANUP_FREE char *path = command_path(words[0]);
	const char *all[16] = { path };

	for (int i = 1; i < 15 && words[i]; i++)
		all[i] = words[i];
	return command_run(out, all);
}

struct box command_state(void)
{
	struct box box = { 0 };
	const char *status;
	json_t *state;

	if (RUNTIME_RUN(OUT_COMMAND, "state", WORLD_ID) != 0)
		return box;
	state = json_load_file(OUT_COMMAND, 0, NULL);
	status = json_string_value(json_object_get(state, "status"));
	snprintf(box.status, sizeof(box.status), "%s",
		 status ? status : "no status");
	box.pid = (pid_t)json_integer_value(json_object_get(state, "pid"));
	json_decref(state);
	return box;
}
