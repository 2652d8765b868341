/*
 * Cgroups do not start anew with a namespace: a cgroup namespace only makes
 * the caller's own group the top of what is seen.  So we first go to a group
 * of our own in each tree.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/runner/host.h"

#define TREES_MAX 32
#define MARK      "ten-steps-tests."
#define HOST      "host"
#define TRIES     2000 /* of a millisecond each */

/* A cgroup tree that is mounted, and our group in it. */
struct tree {
	bool is_v2;
	char point[PATH_MAX]; /* where it is mounted */
	char options[256];    /* v1: how to mount it again */
	char group[PATH_MAX + 64];
};

static struct tree trees[TREES_MAX];
static int tree_count;

static bool write_file(const char *group, const char *name, const char *value)
{
	char path[PATH_MAX + 128];
	bool done;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", group, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	done = write(fd, value, strlen(value)) >= 0;
	close(fd);
	return done;
}

static void read_file(const char *group, const char *name, char value[4096])
{
	char path[PATH_MAX + 128];
	ssize_t length = -1;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", group, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		length = read(fd, value, 4095);
		close(fd);
	}
	value[length > 0 ? length : 0] = '\0';
}

/* "rw,cpu,cpuacct" or "rw,name=systemd", as mount(2) wants to hear it. */
static void remount_options(const char *options, char result[256])
{
	const char *name = strstr(options, "name=");

	options += strncmp(options, "rw,", 3) == 0 ? 3 : 0;
	if (name)
		snprintf(result, 256, "none,%.*s", (int)strcspn(name, ","),
			 name);
	else
		snprintf(result, 256, "%s", options);
}

static void find_trees(void)
{
	FILE *file = fopen("/proc/self/mountinfo", "re");
	char *line = NULL, *rest, type[16], options[256];
	size_t size = 0;

	while (file && tree_count < TREES_MAX &&
	       getline(&line, &size, file) > 0) {
		struct tree *tree = &trees[tree_count];

		rest = strstr(line, " - cgroup");
		if (!rest ||
		    sscanf(rest, " - %15s %*s %255s", type, options) != 2 ||
		    sscanf(line, "%*s %*s %*s %*s %4095s", tree->point) != 1)
			continue;
		tree->is_v2 = strcmp(type, "cgroup2") == 0;
		remount_options(options, tree->options);
		tree_count++;
	}
	free(line);
	if (file)
		fclose(file);
}

static int open_directory(const char *path)
{
	return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/*
 * Between mkdir and a group's own lock, that of the top is held.  It is one on
 * a file: the directory can be a group of ours, locked, where tests run tests.
 */
static int lock_top(const char *top)
{
	char path[PATH_MAX + 300];
	int fd;

	snprintf(path, sizeof(path), "%s/cgroup.procs", top);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd >= 0 && flock(fd, LOCK_EX) == 0 ? fd : -1;
}

/* In v1 the last process can be a moment late in leaving. */
static void remove_patiently(const char *path)
{
	for (int i = 0; i < TRIES && rmdir(path) < 0 && errno == EBUSY; i++)
		poll(NULL, 0, 1);
}

static void remove_groups(const char *path);

static void remove_groups_below(const char *path)
{
	DIR *list = opendir(path);
	struct dirent *entry;
	char below[PATH_MAX + 256];

	while (list && (entry = readdir(list))) {
		if (entry->d_type != DT_DIR || entry->d_name[0] == '.' ||
		    strcmp(entry->d_name, HOST) == 0)
			continue;
		snprintf(below, sizeof(below), "%s/%s", path, entry->d_name);
		remove_groups(below);
	}
	if (list)
		closedir(list);
}

static void remove_groups(const char *path)
{
	remove_groups_below(path);
	remove_patiently(path);
}

/* Groups of test programs that were killed: nobody holds their lock. */
static void remove_old(const struct tree *tree)
{
	DIR *list = opendir(tree->point);
	char path[PATH_MAX + 256];
	struct dirent *entry;
	int fd;

	while (list && (entry = readdir(list))) {
		if (strncmp(entry->d_name, MARK, strlen(MARK)) != 0)
			continue;
		snprintf(path, sizeof(path), "%s/%s", tree->point,
			 entry->d_name);
		fd = open_directory(path);
		if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0) {
			remove_groups_below(path);
			unlinkat(fd, HOST, AT_REMOVEDIR);
			remove_patiently(path);
		}
		if (fd >= 0)
			close(fd);
	}
	if (list)
		closedir(list);
}

/* v2: have the controllers in our group as well. */
static void enable_controllers(const char *top)
{
	char list[4096], *next, word[64];

	read_file(top, "cgroup.controllers", list);
	for (next = strtok(list, " \n"); next; next = strtok(NULL, " \n")) {
		snprintf(word, sizeof(word), "+%s", next);
		write_file(top, "cgroup.subtree_control", word);
	}
}

/* What a program that fails to limit a hog may take from the machine. */
static void limit(const char *group)
{
	long half = sysconf(_SC_PHYS_PAGES) / 2 * sysconf(_SC_PAGESIZE);
	char bytes[32];

	snprintf(bytes, sizeof(bytes), "%ld", half);
	write_file(group, "memory.max", bytes);
	write_file(group, "memory.limit_in_bytes", bytes);
	write_file(group, "pids.max", "4096");
}

static void make_group(struct tree *tree)
{
	static const char *const copied[] = { "cpuset.cpus", "cpuset.mems" };
	int top = lock_top(tree->point), fd;
	char value[4096];

	if (top < 0)
		return;
	remove_old(tree);
	if (tree->is_v2)
		enable_controllers(tree->point);
	snprintf(tree->group, sizeof(tree->group), "%s/" MARK "%d", tree->point,
		 getpid());
	if (mkdir(tree->group, 0755) < 0) {
		tree->group[0] =
			'\0'; /* a tree that is there twice, or EROFS */
		close(top);
		return;
	}
	fd = open_directory(tree->group);
	flock(fd, LOCK_EX); /* and kept until we end */
	close(top);
	for (int i = 0; !tree->is_v2 && i < 2; i++) {
		read_file(tree->point, copied[i], value);
		write_file(tree->group, copied[i], value);
	}
	limit(tree->group);
}

/* The group of the host's own processes, below the top that it sees. */
static const char *host_group(const struct tree *tree)
{
	static char path[sizeof(tree->group) + 8];

	snprintf(path, sizeof(path), "%s/" HOST, tree->group);
	return path;
}

/* A group of v2 that hands controllers down has no processes itself. */
static void join_groups(void)
{
	for (int i = 0; i < tree_count; i++)
		if (trees[i].group[0])
			write_file(trees[i].group, "cgroup.procs", "0");
	if (unshare(CLONE_NEWCGROUP) < 0)
		return;
	for (int i = 0; i < tree_count; i++)
		if (trees[i].is_v2 && trees[i].group[0] &&
		    mkdir(host_group(&trees[i]), 0755) == 0)
			write_file(host_group(&trees[i]), "cgroup.procs", "0");
}

void host_cgroups_clean(void)
{
	for (int i = 0; i < tree_count; i++)
		if (trees[i].group[0])
			remove_groups_below(trees[i].group);
}

void host_cgroups_enter(void)
{
	pid_t child;
	int status;

	find_trees();
	for (int i = 0; i < tree_count; i++)
		make_group(&trees[i]);
	child = fork();
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		join_groups();
		return;
	}
	signal(SIGINT, SIG_IGN); /* for the child; then we clean up */
	waitpid(child, &status, 0);
	host_cgroups_clean();
	for (int i = 0; i < tree_count; i++) {
		if (trees[i].is_v2)
			remove_patiently(host_group(&trees[i]));
		remove_patiently(trees[i].group);
	}
	exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

void host_cgroups_mount(void)
{
	for (int i = 0; i < tree_count; i++) {
		if (!trees[i].group[0])
			continue;
		umount2(trees[i].point, MNT_DETACH);
		if (mount("cgroup", trees[i].point,
			  trees[i].is_v2 ? "cgroup2" : "cgroup", 0,
			  trees[i].is_v2 ? NULL : trees[i].options) < 0)
			perror(trees[i].point);
	}
}
