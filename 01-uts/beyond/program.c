/*
 * execve(2) takes a path.  Which one a name means is a matter of PATH, and the
 * errno of the file that was the nearest to being it is the one to tell.
 */
#include "01-uts/beyond/program.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

static const struct hint not_executed_hints[] = {
	{ ENOENT, "check the path inside the container; if the file is there, "
		  "its loader or #! interpreter is not" },
	{ EACCES, "the file is not executable, or a directory is in the way" },
	{ ENOTDIR, "a part of the path is a file, not a directory" },
	{ ENOEXEC, "exec format error: a script needs #!/bin/sh as its first "
		   "line; a program must "
		   "be built for this machine" },
	{ 0, NULL },
};

static const struct hint noexec_hints[] = {
	{ EACCES, "the file system that it is on is mounted noexec" },
	{ 0, NULL },
};

/* Why was it not executed?  Keeps errno. */
static const struct hint *program_why(const char *file)
{
	struct statvfs at;
	int error = errno;
	bool is_noexec = statvfs(file, &at) == 0 && (at.f_flag & ST_NOEXEC);

	errno = error;
	return is_noexec ? noexec_hints : not_executed_hints;
}

/*
 * As execvp(3), but for one thing: what is no program is not handed to /bin/sh.
 * The shell would take another machine's program for a script.
 */
const struct hint *program_execute(char **command)
{
	const char *set = getenv("PATH"), *path = set ? set : "/bin:/usr/bin";
	const struct hint *hints = not_executed_hints;
	char file[PATH_MAX];
	int error = ENOENT;

	if (strchr(command[0], '/')) {
		execve(command[0], command, environ);
		return program_why(command[0]);
	}
	for (;; path++) {
		size_t length = strcspn(path, ":");

		snprintf(file, sizeof(file), "%.*s%s%s", (int)length, path,
			 length ? "/" : "", command[0]);
		execve(file, command, environ);
		if (errno != EACCES && errno != ENOENT && errno != ENOTDIR)
			return not_executed_hints;
		if (errno == EACCES) {
			hints = program_why(file);
			error = EACCES;
		}
		path += length;
		if (*path == '\0')
			break;
	}
	errno = error;
	return hints;
}
