/* A file for each program that has groups, locked as long as it lives. */
#include "05-cgroups/beyond/claim.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "habits/look.h"
#include "05-cgroups/beyond/owner.h"

#define CLAIM_DIRECTORY "groups"

/*
 * In `base`/`name`.  What is above it others may pass through: stage 08 and
 * stage 10 have directories of their own there.
 */
static int claim_lock_in(const char *base, const char *name, bool create)
{
	char path[PATH_MAX];
	int top, dir;

	snprintf(path, sizeof(path), "%s/%s", base, name);
	do { /* the last program may just have removed what is above it */
		if (create && mkdir(path, 0711) == 0)
			chmod(path, 0711); /* whatever the umask */
		else if (create && errno != EEXIST)
			return -1;
		top = open(path,
			   O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		dir = -1;
		if (top >= 0 && owner_is_us(top))
			dir = owner_lock(top, CLAIM_DIRECTORY, 0700, create);
		else if (top >= 0)
			errno = EPERM;
		cleanup_close(&top);
	} while (dir < 0 && errno == ENOENT && create);
	if (dir < 0 || owner_is_us(dir))
		return dir;
	close(dir);
	errno = EPERM;
	return -1;
}

/*
 * Root of the machine has /run; root of a user namespace may not write there,
 * and an ordinary user mostly has XDG_RUNTIME_DIR, from pam_systemd(8).
 */
int claim_lock(bool create)
{
	const char *own = getenv("XDG_RUNTIME_DIR");
	char name[32];
	int dir = -1;

	errno = ENOENT;
	if (geteuid() == 0)
		dir = claim_lock_in("/run", "ten-steps", create);
	if (dir < 0 && errno != ETIMEDOUT && own && own[0] == '/')
		dir = claim_lock_in(own, "ten-steps", create);
	if (dir >= 0 || errno == ETIMEDOUT)
		return dir;
	snprintf(name, sizeof(name), "ten-steps.%u", geteuid());
	return claim_lock_in("/tmp", name, create);
}

/* By its name, which is asked for: rmdir(2) fails if something is in it. */
void claim_unlock(int dir)
{
	char own[32], directory[PATH_MAX];
	ssize_t length;

	snprintf(own, sizeof(own), "/proc/self/fd/%d", dir);
	length = readlink(own, directory, sizeof(directory) - 1);
	if (length > 0) {
		directory[length] = '\0';
		if (rmdir(directory) == 0) {
			*strrchr(directory, '/') = '\0';
			rmdir(directory);
		}
	}
	close(dir);
}

static const struct hint claim_hints[] = {
	{ ENOSPC, "the file system of /run is full" },
	{ 0, NULL },
};

/* The lock comes before anyone can look, since the directory is locked, too. */
static int claim_make(struct cgroup *cg, int dir)
{
	char name[OWNER_NAME];
	int fd;

	owner_name(dir, name);
	fd = openat(dir, name, O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC,
		    0600);
	if (fd < 0)
		return -1;
	cg->claim = strdup(name);
	if (!cg->claim || flock(fd, LOCK_EX | LOCK_NB) < 0) {
		free(cg->claim);
		cg->claim = NULL;
		close(fd);
		return -1;
	}
	cg->claim_fd = fd;
	return 0;
}

/* Before the group is made: so none is there that nobody knows of. */
int claim_note(struct cgroup *cg, int dir, const char *path)
{
	if ((!cg->claim && claim_make(cg, dir) < 0) ||
	    dprintf(cg->claim_fd, "%s\n", path) < 0)
		return error_call(claim_hints, "note whose the group %s is",
				  path);
	return 0;
}

void claim_close(struct cgroup *cg)
{
	if (cg->claim)
		close(cg->claim_fd);
	free(cg->claim);
	cg->claim = NULL;
}

void claim_drop(struct cgroup *cg)
{
	int dir = cg->claim ? claim_lock(false) : -1;

	if (dir < 0)
		return;
	unlinkat(dir, cg->claim, 0);
	claim_unlock(dir);
}

/* -1: one of them is left. */
static int claim_visit_lines(FILE *file,
			     int (*visit)(const struct cgroup *, const char *),
			     const struct cgroup *cg, int *count)
{
	char *line = NULL;
	size_t size = 0;
	int each, result = 0;

	while (getline(&line, &size, file) > 0) {
		line[strcspn(line, "\n")] = '\0';
		each = visit(cg, line);
		if (each < 0)
			result = -1;
		else
			*count += each;
	}
	free(line);
	return result;
}

/* *file stays NULL if its owner lives.  -1 with errno. */
static int claim_open_dead(int dir, const char *name, FILE **file)
{
	CLEANUP_CLOSE int fd = -1;
	int answer =
		look_open(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, &fd);

	if (answer <= 0)
		return answer;
	if (flock(fd, LOCK_EX | LOCK_NB) < 0)
		return errno == EWOULDBLOCK ? 0 : -1;
	*file = fdopen(fd, "r");
	if (!*file)
		return -1;
	fd = -1; /* it is the file's now */
	return 1;
}

int claim_visit_dead(int dir, int (*visit)(const struct cgroup *, const char *),
		     const struct cgroup *cg)
{
	DIR *list;
	int answer = look_list(dir, ".", &list), count = 0;
	struct dirent *entry;

	while (answer > 0 && (answer = look_next(list, &entry)) > 0) {
		FILE *file = NULL;

		if (entry->d_name[0] == '.')
			continue;
		if (claim_open_dead(dir, entry->d_name, &file) < 0)
			answer = -1;
		if (!file)
			continue;
		if (claim_visit_lines(file, visit, cg, &count) == 0)
			unlinkat(dir, entry->d_name, 0);
		fclose(file);
	}
	if (list)
		closedir(list);
	return answer < 0 ? -1 : count;
}
