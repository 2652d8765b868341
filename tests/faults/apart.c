#include "tests/faults/apart.h"

#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "tests/faults/text.h"

static int terminal = -1; /* the first standard error */

pid_t apart_start(struct apart *apart)
{
	if (terminal < 0)
		terminal = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
	apart->said = memfd_create("said", MFD_CLOEXEC);
	if (terminal < 0 || apart->said < 0)
		err(1, "what it says");
	apart->pid = fork();
	if (apart->pid < 0)
		err(1, "fork");
	if (apart->pid == 0 && dup2(apart->said, STDERR_FILENO) < 0)
		err(1, "standard error");
	return apart->pid;
}

static char *apart_words(const struct apart *apart)
{
	CLEANUP_FREE char *path = text_format("/proc/self/fd/%d", apart->said);

	return text_of_file(path);
}

int apart_end(struct apart *apart, int report, const char *who)
{
	CLEANUP_FREE char *words = NULL;
	int status;

	if (waitpid(apart->pid, &status, 0) < 0)
		err(1, "%s", who);
	words = apart_words(apart);
	close(apart->said);
	dprintf(terminal, "%s", words);
	if (status == 0)
		return 0;
	text_one_line(words);
	dprintf(report, "%s: %s %d: %s\n", who,
		WIFSIGNALED(status) ? "signal" : "status",
		WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status),
		words[0] ? words : "it says nothing");
	return -1;
}
