/*
 * mountinfo is the list of mounts: each with its number and that of the mount
 * it is in.  By these numbers, and not by paths, is told what belongs to the
 * container: a path may lead to something else that is mounted over it.
 */
#include "10-full-container/root/hide_host.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "09-seccomp/beyond/procfs.h"

/* A line of mountinfo: see proc_pid_mountinfo(5). */
struct hide_mount {
	uint64_t id, parent;
	bool can_reveal; /* a procfs or sysfs, and from its root on */
	char *path;
};

struct hide_list {
	struct hide_mount *mounts;
	size_t count;
};

/* "\040" for a space, and so on. */
static void hide_unescape(char *path)
{
	char *to = path;

	for (; *path; path++, to++) {
		*to = *path;
		if (*path != '\\' || strspn(path + 1, "01234567") < 3)
			continue;
		*to = (char)((path[1] - '0') * 64 + (path[2] - '0') * 8 +
			     path[3] - '0');
		path += 3;
	}
	*to = '\0';
}

/* ID PARENT MAJ:MIN ROOT POINT OPTIONS [FIELD]... - TYPE SOURCE OPTIONS */
static bool hide_parse(const char *line, struct hide_mount *mount)
{
	const char *rest = strstr(line, " - ");
	int root = 0, path = 0, end = 0;
	char type[8] = "";

	if (!rest || sscanf(rest, " - %7s", type) != 1 ||
	    sscanf(line, "%" SCNu64 " %" SCNu64 " %*s %n%*s %n%*s%n",
		   &mount->id, &mount->parent, &root, &path, &end) != 2 ||
	    end == 0)
		return false;
	mount->can_reveal =
		strncmp(line + root, "/ ", 2) == 0 &&
		(strcmp(type, "proc") == 0 || strcmp(type, "sysfs") == 0);
	mount->path = strndup(line + path, (size_t)(end - path));
	if (mount->path)
		hide_unescape(mount->path);
	return mount->path != NULL;
}

/* All of them, in the order in which they were mounted. */
static int hide_read(struct hide_list *list)
{
	int fd = procfs_open("self/mountinfo", O_RDONLY);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
	struct hide_mount *grown, *last;
	char *line = NULL;
	size_t size = 0;
	int result = file ? 0 : -1;

	while (result == 0 && getline(&line, &size, file) > 0) {
		grown = realloc(list->mounts,
				(list->count + 1) * sizeof(*grown));
		if (!grown) {
			result = -1;
			break;
		}
		list->mounts = grown;
		last = &grown[list->count++];
		*last = (struct hide_mount){ 0 };
		if (!hide_parse(line, last))
			result = -1;
	}
	if (file && ferror(file))
		result = -1;
	free(line);
	if (file)
		fclose(file);
	return result < 0 ? error_call(NULL, "read the list of mounts") : 0;
}

static const struct hide_mount *hide_find(const struct hide_list *list,
					  uint64_t id)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->mounts[i].id == id)
			return &list->mounts[i];
	return NULL;
}

/* Is it the container's root, or somewhere in it? */
static bool hide_is_inside(const struct hide_list *list, uint64_t id,
			   uint64_t root)
{
	const struct hide_mount *mount = hide_find(list, id);

	for (size_t i = 0; mount && i < list->count; i++) {
		if (mount->id == root)
			return true;
		mount = hide_find(list, mount->parent);
	}
	return false;
}

/* Mounted over as a whole, so that nothing of it can be seen. */
static bool hide_is_covered(const struct hide_list *list,
			    const struct hide_mount *mount)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->mounts[i].parent == mount->id &&
		    strcmp(list->mounts[i].path, mount->path) == 0)
			return true;
	return false;
}

static uint64_t hide_id(int fd)
{
	struct statx status;

	return statx(fd, "", AT_EMPTY_PATH, STATX_MNT_ID, &status) == 0
		       ? status.stx_mnt_id
		       : 0;
}

/*
 * In a user namespace the host's mounts are locked (EINVAL): there it is
 * covered as a whole, which the kernel takes for hidden.  By ".", so that what
 * goes is what was looked at.
 */
static int hide_one(const struct hide_list *list, const struct hide_mount *host)
{
	CLEANUP_CLOSE int fd = open(host->path, O_PATH | O_CLOEXEC);

	if (fd < 0 || hide_id(fd) != host->id) {
		if (hide_is_covered(list, host))
			return 0;
		return error_input("umount it, or what is over it, on the "
				   "host, or do without --no-pivot",
				   "hide the host's %s (--no-pivot): its path "
				   "does not lead to it",
				   host->path);
	}
	if (fchdir(fd) == 0 &&
	    (umount2(".", MNT_DETACH) == 0 ||
	     mount("tmpfs", ".", "tmpfs",
		   MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC,
		   "size=0,nr_inodes=1") == 0))
		return 0;
	return error_call(NULL, "hide the host's %s (--no-pivot)", host->path);
}

/* The last mount first: one may be on top of another. */
int hide_host(int root)
{
	struct hide_list list = { 0 };
	uint64_t own = hide_id(root);
	int result = hide_read(&list);

	for (size_t i = list.count; result == 0 && i-- > 0;)
		if (list.mounts[i].can_reveal &&
		    !hide_is_inside(&list, list.mounts[i].id, own))
			result = hide_one(&list, &list.mounts[i]);
	for (size_t i = 0; i < list.count; i++)
		free(list.mounts[i].path);
	free(list.mounts);
	return result;
}

int hide_host_check(const struct caps_sets *caps)
{
	uint64_t all = caps->bounding | caps->permitted | caps->effective |
		       caps->inheritable | caps->ambient;

	if (!(all & CAPS_BIT(CAP_SYS_ADMIN)))
		return 0;
	return error_input("take the capability away, or do without "
			   "--no-pivot",
			   "--no-pivot and CAP_SYS_ADMIN in a user namespace: "
			   "the program could uncover the host's root");
}
