/*
 * Run another program, give it a text and take what it prints.
 *
 * No shell is in between: the words go to execve(2) as they are, and no
 * character in them means anything.
 */
#include "08-netns/beyond/tool.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "habits/whole.h"

/* A file in memory holds any length, so neither side waits for the other. */
static int tool_make_file(const char *content)
{
	int fd = memfd_create("tool", MFD_CLOEXEC);

	if (fd >= 0 && whole_write(fd, content, strlen(content)) == 0 &&
	    lseek(fd, 0, SEEK_SET) == 0)
		return fd;
	error_call(NULL, "make a file in memory");
	if (fd >= 0)
		close(fd); /* half of the rules, or none, are others */
	return -1;
}

/*
 * pread(2), because the position in the file is where the tool stopped
 * writing: it has inherited the open file, not a copy.
 */
static char *tool_read_file(int fd)
{
	struct stat status = { 0 };
	char *text;
	ssize_t length;

	if (fstat(fd, &status) < 0)
		return NULL;
	text = calloc(1, (size_t)status.st_size + 1);
	if (!text)
		return NULL;
	length = pread(fd, text, (size_t)status.st_size, 0);
	if (length >= 0)
		return text;
	free(text);
	return NULL;
}

/* su(1) often leaves /usr/sbin out of root's PATH. */
static void tool_extend_path(void)
{
	const char *path = getenv("PATH");
	char longer[4096];

	if (path && !*path)
		path = NULL; /* an empty part is the working directory */
	snprintf(longer, sizeof(longer), "%s%s/usr/sbin:/usr/bin:/sbin:/bin",
		 path ? path : "", path ? ":" : "");
	setenv("PATH", longer, 1);
}

/* In the child. dup2(2) clears close-on-exec, so only these three stay open. */
static _Noreturn void tool_become(const char *const words[], int in, int out)
{
	/* If we are killed, it must not change anything behind our back. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	tool_extend_path();
	if (dup2(in, STDIN_FILENO) >= 0 && dup2(out, STDOUT_FILENO) >= 0 &&
	    dup2(out, STDERR_FILENO) >= 0)
		execvp(words[0], (char *const *)words);
	if (errno == ENOENT || errno == EACCES) /* none that can be run */
		_exit(127);
	dprintf(out, "%s\n", strerror(errno));
	_exit(126);
}

/*
 * Waits for the tool's end.  Its messages come with its output, for the caller
 * to quote: they name the rule, and we could not.
 */
int tool_run(const char *const words[], const char *input, char **text)
{
	CLEANUP_CLOSE int in = tool_make_file(input ? input : "");
	CLEANUP_CLOSE int out = tool_make_file("");
	int status;
	pid_t pid;

	*text = NULL;
	if (in < 0 || out < 0)
		return -1;
	pid = fork();
	if (pid == 0)
		tool_become(words, in, out);
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return error_call(NULL, "run %s", words[0]);
	*text = tool_read_file(out);
	if (!*text)
		return error_call(NULL, "read what %s printed", words[0]);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}
