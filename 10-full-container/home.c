/*
 * HOME, for a program whose config.json does not say it.
 *
 * It is the only thing that a runtime looks up in /etc/passwd: user names are
 * an engine's business.  "/" where there is no such file or line, as other
 * runtimes have it.
 */
#include "10-full-container/home.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "01-uts/cleanup.h"
#include "01-uts/error.h"
#include "07-caps/id.h"
#include "10-full-container/path.h"
#include "10-full-container/procfs.h"

#define HOME_PASSWD_MAX (4 << 20)

/* "name:password:uid:gid:comment:home:shell": the home of this uid? */
static char *home_of_line(char *line, uid_t uid)
{
	char *fields[7] = { NULL };
	const char *end;
	uint32_t found;

	for (int i = 0; i < 7; i++)
		fields[i] = strsep(&line, ":\n");
	if (!fields[5] || fields[5][0] != '/')
		return NULL;
	end = id_parse(fields[2], &found);
	return end && !*end && found == uid ? fields[5] : NULL;
}

/*
 * The file is the image's and may be anything: a pipe without end, a file of
 * a terabyte, the device of a watchdog, which starts when it is opened.  So
 * it is looked at first, and only then opened.  A file of /proc has the size 0
 * and may wait for ever, as /proc/kmsg does for the kernel's next message.
 */
static FILE *home_open_passwd(int root)
{
	CLEANUP_CLOSE int found = path_open(root, "/etc/passwd", O_PATH);
	struct stat status;
	FILE *file = NULL;
	int fd = -1;

	if (found >= 0 && fstat(found, &status) == 0 &&
	    S_ISREG(status.st_mode) && status.st_size > 0 &&
	    status.st_size <= HOME_PASSWD_MAX)
		fd = procfs_reopen(found, O_RDONLY);
	if (fd >= 0)
		file = fdopen(fd, "re");
	if (fd >= 0 && !file)
		close(fd);
	return file;
}

static bool home_is_set(char **env)
{
	for (; env && *env; env++)
		if (strncmp(*env, "HOME=", 5) == 0 && (*env)[5] != '\0')
			return true;
	return false;
}

/* One more variable; it stays with the process to its end. */
static int home_add(struct process *process, const char *home)
{
	char **env, *variable = NULL;
	size_t count = 0;

	while (process->env && process->env[count])
		count++;
	env = realloc(process->env, (count + 2) * sizeof(char *));
	if (env)
		process->env = env;
	if (!env || asprintf(&variable, "HOME=%s", home) < 0)
		return error_call(NULL, "set HOME");
	env[count] = variable;
	env[count + 1] = NULL;
	return 0;
}

/* Before the root changes, by the descriptor of the new one. */
int home_set(struct process *process, int root)
{
	CLEANUP_FREE char *line = NULL;
	char *home = NULL;
	size_t size = 0;
	FILE *file;

	if (home_is_set(process->env))
		return 0;
	file = home_open_passwd(root);
	while (file && !home && getline(&line, &size, file) > 0)
		home = home_of_line(line, process->user.uid);
	if (file)
		fclose(file);
	return home_add(process, home ? home : "/");
}
