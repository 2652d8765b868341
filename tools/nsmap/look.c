/*
 * Find the namespaces: the links in /proc/PID/ns, the mounts of such links,
 * and from each of them ioctl_ns(2) to its owner and its parent.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/nsfs.h>
#include <linux/sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/count.h"
#include "habits/error.h"
#include "habits/look.h"
#include "tools/nsmap/nsmap.h"

/* The kinds, in the order in which they are drawn. */
static const struct kind kinds[] = {
	{ "cgroup", CLONE_NEWCGROUP, NULL },
	{ "ipc", CLONE_NEWIPC, NULL },
	{ "mnt", CLONE_NEWNS, NULL },
	{ "net", CLONE_NEWNET, NULL },
	{ "pid", CLONE_NEWPID, "pid_for_children" },
	{ "time", CLONE_NEWTIME, "time_for_children" },
	{ "uts", CLONE_NEWUTS, NULL },
	{ "user", CLONE_NEWUSER, NULL },
};

#define KINDS COUNT(kinds)

bool nsmap_is_kind(const struct space *space, int type)
{
	return space->kind->type == type;
}

static struct space *nsmap_find(const struct map *map, ino_t id)
{
	for (size_t i = 0; i < map->count; i++)
		if (map->spaces[i]->id == id)
			return map->spaces[i];
	return NULL;
}

static struct space *nsmap_new(struct map *map)
{
	struct space **spaces =
		reallocarray(map->spaces, map->count + 1, sizeof(void *));
	struct space *space = calloc(1, sizeof(*space));

	if (spaces)
		map->spaces = spaces;
	if (!spaces || !space) {
		free(space);
		error_call(NULL, "note a namespace");
		return NULL;
	}
	spaces[map->count++] = space;
	return space;
}

static struct space *nsmap_add(struct map *map, int fd);

/*
 * One step from a namespace: NS_GET_USERNS to its owner, NS_GET_PARENT to its
 * parent.  EPERM: there is none, or it is outside of the user namespace that
 * we are in.
 */
static ino_t nsmap_step(struct map *map, int fd, unsigned long request)
{
	CLEANUP_CLOSE int there = ioctl(fd, request);
	struct space *space = there < 0 ? NULL : nsmap_add(map, there);

	return space ? space->id : 0;
}

/* Note the namespace that the descriptor stands for, and all above it. */
static struct space *nsmap_add(struct map *map, int fd)
{
	int type = ioctl(fd, NS_GET_NSTYPE);
	struct space *space;
	struct stat status;
	size_t kind = 0;

	if (type < 0 || fstat(fd, &status) < 0)
		return NULL;
	space = nsmap_find(map, status.st_ino);
	while (kind < KINDS && kinds[kind].type != type)
		kind++;
	if (space || kind == KINDS)
		return space;
	space = nsmap_new(map);
	if (!space)
		return NULL;
	space->id = status.st_ino;
	space->kind = &kinds[kind];
	if (type == CLONE_NEWUSER)
		ioctl(fd, NS_GET_OWNER_UID, &space->uid);
	else
		space->owner = nsmap_step(map, fd, NS_GET_USERNS);
	if (type == CLONE_NEWUSER || type == CLONE_NEWPID)
		space->parent = nsmap_step(map, fd, NS_GET_PARENT);
	return space;
}

/*
 * The namespace behind a link or a mount; opened only if it is a new one.  NULL
 * with errno.
 */
static struct space *nsmap_add_path(struct map *map, const char *path)
{
	struct space *space;
	struct stat status;

	if (stat(path, &status) < 0)
		return NULL;
	if (status.st_dev != map->device) {
		errno = ENOENT; /* no namespace */
		return NULL;
	}
	space = nsmap_find(map, status.st_ino);
	if (space)
		return space;
	CLEANUP_CLOSE int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	return fd < 0 ? NULL : nsmap_add(map, fd);
}

/* Somebody else chose this text: nothing in it shall move our cursor. */
static void nsmap_make_printable(char *text)
{
	for (; *text; text++)
		if (!isprint((unsigned char)*text) || *text == '"' ||
		    *text == '\\')
			*text = '?';
}

static void nsmap_read_name(int pid, char *name, size_t size)
{
	char path[64];
	ssize_t length = 0;

	snprintf(path, sizeof(path), "/proc/%d/comm", pid);
	CLEANUP_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		length = read(fd, name, size - 1);
	name[length > 0 ? length : 0] = '\0';
	name[strcspn(name, "\n")] = '\0';
	nsmap_make_printable(name);
}

/* A kernel thread runs no program. */
static bool nsmap_is_kernel(int pid)
{
	char path[64], exe[1];

	snprintf(path, sizeof(path), "/proc/%d/exe", pid);
	return readlink(path, exe, sizeof(exe)) < 0 && errno == ENOENT;
}

/* Kernel threads are named only where there is nobody else. */
static void nsmap_settle(struct space *space, const struct process *process)
{
	struct process *place = space->shown, *end = place + SHOWN;

	space->count++;
	while (place < end && place->pid &&
	       (process->is_kernel || !place->is_kernel))
		place++;
	if (place == end)
		return;
	*place = *process;
	nsmap_read_name(place->pid, place->name, sizeof(place->name));
}

/*
 * Where the process lives, and where its next child will.  Returns -1 if that
 * may not be seen.  A process that has just ended lives nowhere.
 */
static int nsmap_look_at_links(struct map *map, const struct kind *kind,
			       struct process *process)
{
	struct space *space, *next;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/ns/%s", process->pid,
		 kind->name);
	space = nsmap_add_path(map, path);
	if (!space)
		return look_answer(-1);
	process->is_parent = false;
	nsmap_settle(space, process);
	if (!kind->children)
		return 0;
	snprintf(path, sizeof(path), "/proc/%d/ns/%s", process->pid,
		 kind->children);
	next = nsmap_add_path(map, path);
	process->is_parent = true;
	if (next && next != space)
		nsmap_settle(next, process);
	return 0;
}

static void nsmap_look_at_process(struct map *map, int pid)
{
	struct process process = { .pid = pid,
				   .is_kernel = nsmap_is_kernel(pid) };

	for (size_t i = 0; i < KINDS; i++)
		if (nsmap_look_at_links(map, &kinds[i], &process) < 0) {
			map->unseen++;
			return;
		}
}

static int nsmap_look_at_processes(struct map *map)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	int more = proc ? 1 : -1;

	while (more > 0 && (more = look_next(proc, &entry)) > 0)
		if (isdigit((unsigned char)entry->d_name[0]))
			nsmap_look_at_process(
				map, (int)strtol(entry->d_name, NULL, 10));
	if (more < 0)
		error_call(NULL, "read /proc");
	if (proc)
		closedir(proc);
	return more;
}

/* mountinfo writes a space in a path as \040: see proc(5). */
static void nsmap_decode(char *text)
{
	char *to = text;

	for (; *text; text++)
		if (text[0] == '\\' && strspn(text + 1, "01234567") >= 3) {
			*to++ = (char)strtol(
				(char[]){ text[1], text[2], text[3], '\0' },
				NULL, 8);
			text += 3;
		} else {
			*to++ = *text;
		}
	*to = '\0';
}

static void nsmap_note_mount(struct map *map, int pid, char *point)
{
	char path[PATH_MAX + 64];
	struct space *space;

	nsmap_decode(point);
	snprintf(path, sizeof(path), "/proc/%d/root%s", pid, point);
	space = nsmap_add_path(map, path);
	nsmap_make_printable(point);
	if (space && !space->mount)
		space->mount = strdup(point);
}

/*
 * Where namespaces are kept by a mount, as `ip netns add` does it; as seen
 * in the mount namespace of process `pid`.
 */
static void nsmap_look_at_mounts(struct map *map, int pid)
{
	CLEANUP_FREE char *line = NULL;
	char path[PATH_MAX + 64];
	size_t size = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/mountinfo", pid);
	file = fopen(path, "re");
	if (!file && look_answer(-1) < 0)
		map->unseen++;
	while (file && getline(&line, &size, file) > 0) {
		int begin = 0, end = 0;

		if (strstr(line, " - nsfs "))
			sscanf(line, "%*s %*s %*s %*s %n%*s%n", &begin, &end);
		line[end] = '\0';
		if (end > 0)
			nsmap_note_mount(map, pid, line + begin);
	}
	if (file)
		fclose(file);
}

/* The list grows meanwhile: a mount namespace can be kept by a mount, too. */
static void nsmap_look_at_all_mounts(struct map *map)
{
	for (size_t i = 0; i < map->count; i++) {
		const struct space *space = map->spaces[i];

		if (nsmap_is_kind(space, CLONE_NEWNS) && space->count > 0)
			nsmap_look_at_mounts(map, space->shown[0].pid);
	}
}

/* By kind, then by age, roughly. */
static int nsmap_compare(const void *a, const void *b)
{
	const struct space *left = *(struct space *const *)a;
	const struct space *right = *(struct space *const *)b;

	if (left->kind != right->kind)
		return left->kind < right->kind ? -1 : 1;
	return left->id < right->id ? -1 : left->id > right->id;
}

/*
 * What it hangs on: a user namespace on its parent, all others on their
 * owner; but a PID namespace on its parent, if both have the same owner.
 */
static void nsmap_hang(struct map *map)
{
	qsort(map->spaces, map->count, sizeof(void *), nsmap_compare);
	for (size_t i = 0; i < map->count; i++) {
		struct space *space = map->spaces[i];
		const struct space *parent = nsmap_find(map, space->parent);

		if (nsmap_is_kind(space, CLONE_NEWUSER) ||
		    (parent && parent->owner == space->owner))
			space->above = parent;
		else
			space->above = nsmap_find(map, space->owner);
	}
}

int nsmap_look(struct map *map)
{
	struct stat status;

	if (stat("/proc/self/ns/user", &status) < 0)
		return error_call(NULL, "look at /proc/self/ns/user");
	map->device = status.st_dev;
	if (nsmap_look_at_processes(map) < 0)
		return -1;
	nsmap_look_at_all_mounts(map);
	nsmap_hang(map);
	return 0;
}

void nsmap_free(struct map *map)
{
	while (map->count > 0) {
		free(map->spaces[--map->count]->mount);
		free(map->spaces[map->count]);
	}
	free(map->spaces);
}
