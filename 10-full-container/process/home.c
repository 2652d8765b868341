/*
 * The only thing that a runtime looks up in /etc/passwd: user names are an
 * engine's business.  "/" where there is no such file or line, as other
 * runtimes have it.
 */
#include "10-full-container/process/home.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "07-caps/beyond/id.h"
#include "09-seccomp/beyond/procfs.h"
#include "10-full-container/guard/path.h"

#define PASSWD          "/etc/passwd"
#define HOME_PASSWD_MAX (4 << 20)

/* What is there to be read of the file, and then what was. */
struct home_file {
	char *text; /* ends with a zero byte */
	size_t length;
};

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

/* The image has none, or its links lead nowhere, or to where nobody may go. */
static bool home_is_no_file(int error)
{
	return error == ENOENT || error == ENOTDIR || error == ELOOP ||
	       error == EACCES || error == EXDEV;
}

/*
 * The file is the image's and may be anything: a pipe without end, a file of
 * a terabyte, the device of a watchdog, which starts when it is opened.  So
 * it is looked at first, and only then opened.  A file of /proc has the size 0
 * and may wait for ever, as /proc/kmsg does for the kernel's next message.  And
 * without O_NONBLOCK who has a lease on it (fcntl(2), F_SETLEASE) holds us up
 * for 45 seconds.
 */
static int home_open_passwd(int root, int *fd, size_t *length)
{
	CLEANUP_CLOSE int found = path_open(root, PASSWD, O_PATH);
	struct stat status;

	*fd = -1;
	if (found < 0)
		return home_is_no_file(errno) ? 0 : -1;
	if (fstat(found, &status) < 0)
		return -1;
	if (!S_ISREG(status.st_mode) || status.st_size == 0 ||
	    status.st_size > HOME_PASSWD_MAX)
		return 0;
	*fd = procfs_reopen(found, O_RDONLY | O_NONBLOCK);
	if (*fd < 0 && errno == EWOULDBLOCK) {
		error_note("HOME is not looked up: another process has a "
			   "lease on the image's " PASSWD);
		return 0;
	}
	*length = (size_t)status.st_size;
	if (*fd >= 0 || errno == EACCES) /* nor may the program read it */
		return 0;
	return -1;
}

/*
 * No more than there was when it was looked at: somebody inside may write to
 * it meanwhile, without end.
 */
static int home_read(int fd, struct home_file *file)
{
	size_t most = file->length;
	ssize_t more = 1;

	file->length = 0;
	file->text = malloc(most + 1);
	if (!file->text)
		return -1;
	while (more > 0 && file->length < most) {
		more = read(fd, file->text + file->length, most - file->length);
		file->length += more > 0 ? (size_t)more : 0;
	}
	file->text[file->length] = '\0';
	return more < 0 ? -1 : 0;
}

/* A line may have zero bytes in it; it ends where it ends. */
static char *home_find(const struct home_file *file, uid_t uid)
{
	char *line = file->text, *end = file->text + file->length, *home = NULL;

	while (!home && line < end) {
		char *next = memchr(line, '\n', (size_t)(end - line));

		next = next ? next : end;
		*next = '\0';
		home = home_of_line(line, uid);
		line = next + 1;
	}
	return home;
}

static bool home_is_set(char **env)
{
	for (; env && *env; env++)
		if (strncmp(*env, "HOME=", 5) == 0 && (*env)[5] != '\0')
			return true;
	return false;
}

/* It stays with the process to its end. */
int home_add(struct process *process, const char *name, const char *value)
{
	char **env, *variable = NULL;
	size_t count = 0;

	while (process->env && process->env[count])
		count++;
	env = realloc(process->env, (count + 2) * sizeof(char *));
	if (env) {
		process->env = env;
		env[count] = NULL;
		env[count + 1] = NULL;
	}
	if (!env || asprintf(&variable, "%s=%s", name, value) < 0)
		return error_call(NULL, "set %s", name);
	env[count] = variable;
	return 0;
}

/* By the name, and then by the place in the list. */
static int home_compare(const void *one, const void *other)
{
	char **a = *(char ***)one, **b = *(char ***)other;
	size_t long_a = strcspn(*a, "="), long_b = strcspn(*b, "=");
	int order = strncmp(*a, *b, long_a > long_b ? long_a : long_b);

	if (long_a == long_b && order == 0)
		return a < b ? -1 : 1;
	return order ? order : long_a < long_b ? -1 : 1;
}

static bool home_is_same_name(const char *a, const char *b)
{
	size_t length = strcspn(a, "=");

	return length == strcspn(b, "=") && strncmp(a, b, length) == 0;
}

/* Of two variables of one name getenv(3) finds the first; the last counts. */
static int home_drop_twins(char **env)
{
	CLEANUP_FREE char ***sorted = NULL;
	size_t count = 0, kept = 0;

	while (env && env[count])
		count++;
	if (count < 2)
		return 0;
	sorted = calloc(count, sizeof(char **));
	if (!sorted)
		return error_call(NULL, "sort the variables");
	for (size_t i = 0; i < count; i++)
		sorted[i] = &env[i];
	qsort(sorted, count, sizeof(char **), home_compare);
	for (size_t i = 0; i + 1 < count; i++)
		if (home_is_same_name(*sorted[i], *sorted[i + 1]))
			*sorted[i] = NULL;
	for (size_t i = 0; i < count; i++)
		if (env[i])
			env[kept++] = env[i];
	env[kept] = NULL;
	return 0;
}

/* Before the root changes, by the descriptor of the new one. */
int home_set(struct process *process, int root)
{
	CLEANUP_CLOSE int fd = -1;
	struct home_file file = { 0 };
	char *home = NULL;
	int result;

	if (home_is_set(process->env))
		return home_drop_twins(process->env);
	result = home_open_passwd(root, &fd, &file.length);
	if (result == 0 && fd >= 0)
		result = home_read(fd, &file);
	if (result < 0)
		error_call(NULL, "look for HOME in " PASSWD);
	else if (fd >= 0)
		home = home_find(&file, process->user.uid);
	if (result == 0)
		result = home_add(process, "HOME", home ? home : "/");
	free(file.text);
	return result < 0 ? -1 : home_drop_twins(process->env);
}
