/*
 * The directory of all states, and what in it is ours.
 *
 * A user may name any directory, and others may keep their things there.  So
 * each of ours bears a mark from the first moment that it can be seen: it is
 * made under a name that begins with a dot, marked, locked, and then gets its
 * name by a rename(2), which fails where there is a directory that is not
 * empty.  It loses its name in the same way before anything in it is removed.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/count.h"
#include "habits/error.h"
#include "habits/look.h"
#include "habits/surroundings.h"
#include "05-cgroups/beyond/owner.h"
#include "07-caps/beyond/userns_checks.h"
#include "10-full-container/talk/state.h"
#include "10-full-container/talk/state_files.h"

#define STATE_NAMELESS ".ten-steps." /* and process, nanosecond */
#define STATE_TRIES    100

static const struct hint state_root_hints[] = {
	{ EACCES, "run as root, or choose a directory with --root DIR" },
	{ 0, NULL },
};

/*
 * An ordinary user has a directory of his own for this: XDG_RUNTIME_DIR, from
 * pam_systemd(8).
 */
char *state_default_root(void)
{
	const char *own = getenv("XDG_RUNTIME_DIR");
	char *root = NULL;
	int is_root = userns_is_host_root();

	if (is_root < 0)
		return NULL;
	if (is_root || !own || own[0] != '/')
		own = "/run";
	if (asprintf(&root, "%s/ten-steps/oci", own) < 0) {
		error_call(NULL, "name the directory of states");
		return NULL;
	}
	return root;
}

/* mkdir -p.  Others may pass through, and not look around (mode 711). */
static int state_make_path(const char *root)
{
	char path[PATH_MAX];
	size_t length = strlen(root);

	if (length >= sizeof(path))
		return error_input(NULL, "--root: the path is too long");
	for (size_t i = 1; i <= length; i++) {
		if (root[i] != '/' && root[i] != '\0')
			continue;
		memcpy(path, root, i);
		path[i] = '\0';
		if (mkdir(path, 0711) < 0 && errno != EEXIST)
			return error_call(state_root_hints,
					  "make the directory %s", path);
	}
	return 0;
}

int state_open_root(const char *root, int *fd)
{
	int answer;

	*fd = -1;
	if (surroundings_check_proc() < 0) /* states hold numbers of it */
		return -1;
	answer = look_open(AT_FDCWD, root, O_RDONLY | O_DIRECTORY, fd);
	if (answer < 0)
		error_call(state_root_hints, "open the directory of states %s",
			   root);
	else if (answer > 0)
		answer = owner_check(*fd, root) < 0 ? -1 : 1;
	if (answer < 0 && *fd >= 0) {
		close(*fd);
		*fd = -1;
	}
	return answer;
}

int state_make_root(const char *root, int *fd)
{
	int answer = state_open_root(root, fd);

	if (answer == 0 && state_make_path(root) == 0)
		answer = state_open_root(root, fd);
	return answer > 0 ? 0 : -1;
}

/* A link leads to somebody else's, too. */
int state_open_directory(int parent, const char *id, int *dir)
{
	int answer =
		look_open(parent, id, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, dir);

	if (answer < 0 && (errno == ENOTDIR || errno == ELOOP))
		return 0;
	if (answer > 0)
		answer = look_for(*dir, STATE_MARK);
	if (answer > 0 && !owner_is_us(*dir)) {
		errno = EPERM;
		return -1;
	}
	return answer;
}

/* No two have the same: of one process each has its moment. */
static void state_name_nameless(char name[STATE_NAME])
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	snprintf(name, STATE_NAME, STATE_NAMELESS "%d.%lld%09ld", getpid(),
		 (long long)now.tv_sec, now.tv_nsec);
}

/*
 * -1 with errno: EAGAIN if another one has that name, or a sweep came before
 * the lock and has taken it for left.
 */
static int state_try_nameless(int parent, char name[STATE_NAME])
{
	CLEANUP_CLOSE int dir = -1, mark = -1;
	int error;

	state_name_nameless(name);
	if (mkdirat(parent, name, 0711) < 0) {
		errno = errno == EEXIST ? EAGAIN : errno;
		return -1;
	}
	dir = openat(parent, name,
		     O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (dir >= 0 && flock(dir, LOCK_EX | LOCK_NB) == 0)
		mark = openat(dir, STATE_MARK,
			      O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (mark >= 0)
		return cleanup_keep(&dir);
	error = errno == ENOENT || errno == EEXIST ? EAGAIN : errno;
	unlinkat(parent, name, AT_REMOVEDIR);
	errno = error;
	return -1;
}

int state_make_directory(int parent, const char *id)
{
	CLEANUP_CLOSE int dir = -1;
	char name[STATE_NAME];

	for (int i = 0; dir < 0 && i < STATE_TRIES; i++) {
		dir = state_try_nameless(parent, name);
		if (dir < 0 && errno != EAGAIN)
			break;
	}
	if (dir < 0)
		return -1;
	if (renameat(parent, name, parent, id) == 0)
		return cleanup_keep(&dir);
	if (errno == ENOTEMPTY || errno == ENOTDIR)
		errno = EEXIST;
	state_empty(dir, parent, name);
	return -1;
}

/* The mark last, since without it nobody would know what this is. */
int state_empty(int dir, int parent, const char *name)
{
	static const char *const files[] = { "config.json", "state.json",
					     "state.new",   "start",
					     STATE_PROCESS, STATE_MARK };
	int saved = errno;

	for (size_t i = 0; i < COUNT(files); i++)
		if (unlinkat(dir, files[i], 0) < 0 && errno != ENOENT &&
		    (errno != EISDIR ||
		     unlinkat(dir, files[i], AT_REMOVEDIR) < 0))
			return error_call(NULL, "remove %s of the state %s",
					  files[i], name);
	if (unlinkat(parent, name, AT_REMOVEDIR) < 0 && errno != ENOENT)
		return error_call(NULL, "remove the state %s", name);
	errno = saved;
	return 0;
}

int state_take_name(int parent, const char *id, char name[STATE_NAME])
{
	state_name_nameless(name);
	return renameat(parent, id, parent, name);
}

bool state_is_nameless(const char *name)
{
	return strncmp(name, STATE_NAMELESS, strlen(STATE_NAMELESS)) == 0;
}

static int state_is_marked(int parent, const char *name)
{
	char path[NAME_MAX + sizeof("/" STATE_MARK)];
	int answer;

	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
	    state_is_nameless(name))
		return 0;
	snprintf(path, sizeof(path), "%s/" STATE_MARK, name);
	answer = look_for(parent, path);
	/* No directory, or one that is closed to us: not ours. */
	return answer < 0 && (errno == ENOTDIR || errno == EACCES) ? 0 : answer;
}

int state_next(DIR *list, const char **id)
{
	struct dirent *entry;
	int answer;

	while ((answer = look_next(list, &entry)) > 0) {
		answer = state_is_marked(dirfd(list), entry->d_name);
		*id = entry->d_name;
		if (answer != 0)
			break;
	}
	if (answer < 0)
		return error_call(NULL, "read the directory of states");
	return answer;
}

void state_remove_nameless(int parent, const char *name)
{
	CLEANUP_CLOSE int dir = -1;

	if (!state_is_nameless(name))
		return;
	dir = openat(parent, name,
		     O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (dir >= 0 && owner_is_us(dir) && flock(dir, LOCK_EX | LOCK_NB) == 0)
		state_empty(dir, parent, name);
}
