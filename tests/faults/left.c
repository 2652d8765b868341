#include "tests/faults/left.h"

#include <dirent.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "tests/faults/world.h"

#define PATIENCE_MS 3000
#define STEP_MS     10

/* Every name below a directory, or only directories: of a cgroup tree. */
static void left_walk(struct lines *lines, const char *label, const char *path,
		      bool only_directories)
{
	DIR *list = opendir(path);
	struct dirent *entry;

	while (list && (entry = readdir(list))) {
		CLEANUP_FREE char *below =
			text_format("%s/%s", path, entry->d_name);

		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0 ||
		    strcmp(below, WORLD_OUT) == 0 ||
		    (only_directories && entry->d_type != DT_DIR))
			continue;
		lines_add(lines, "%s %s", label, below);
		if (entry->d_type == DT_DIR)
			left_walk(lines, label, below, only_directories);
	}
	if (list)
		closedir(list);
}

/* "36 25 0:32 / /run rw,nosuid shared:17 - tmpfs tmpfs rw": not the numbers. */
static void left_mounts(struct lines *lines)
{
	CLEANUP_FREE char *text = text_of_file("/proc/self/mountinfo");
	char *next, *rest, root[512], point[512], flags[256];

	for (char *line = text; *line; line = next) {
		next = line + strcspn(line, "\n");
		next += *next && (*next = '\0', true);
		rest = strstr(line, " - ");
		if (rest && sscanf(line, "%*s %*s %*s %511s %511s %255s", root,
				   point, flags) == 3)
			lines_add(lines, "mount %s %s %s%s%s", root, point,
				  flags,
				  strstr(line, " shared:") ? " shared" : "",
				  rest);
	}
}

/* Not process 1, this one, or one that is dead. */
static void left_processes(struct lines *lines)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	char path[64], state, name[64];
	int pid;

	while (proc && (entry = readdir(proc))) {
		CLEANUP_FREE char *text = NULL;

		pid = (int)strtol(entry->d_name, NULL, 10);
		if (pid <= 1 || pid == getpid())
			continue;
		snprintf(path, sizeof(path), "/proc/%d/stat", pid);
		text = text_of_file(path);
		if (sscanf(text, "%*d (%63[^)]) %c", name, &state) == 2 &&
		    !strchr("ZX", state))
			lines_add(lines, "process %d %s", pid, name);
	}
	if (proc)
		closedir(proc);
}

static void left_interfaces(struct lines *lines)
{
	CLEANUP_FREE char *text = text_of_file("/proc/net/dev");
	char name[64];

	for (char *line = text; *line; line += *line == '\n') {
		if (sscanf(line, " %63[^: ]:", name) == 1)
			lines_add(lines, "interface %s", name);
		line += strcspn(line, "\n");
	}
}

struct lines left_look(bool has_network)
{
	static const char *const trees[] = { "/run", "/tmp", "/dev",
					     "/mnt/faults" };
	struct lines lines = { 0 };
	FILE *nft = NULL;
	char line[512];

	left_mounts(&lines);
	left_processes(&lines);
	if (has_network)
		nft = popen("nft -s list ruleset", "re");
	left_interfaces(&lines);
	left_walk(&lines, "group", "/sys/fs/cgroup", true);
	for (size_t i = 0; i < sizeof(trees) / sizeof(trees[0]); i++)
		left_walk(&lines, "file", trees[i], false);
	lines_add_file(&lines, "forward", "/proc/sys/net/ipv4/ip_forward");
	lines_add_file(&lines, "name", "/proc/sys/kernel/hostname");
	while (nft && fgets(line, sizeof(line), nft))
		lines_add(&lines, "nft %.*s", (int)strcspn(line, "\n"), line);
	if (nft)
		pclose(nft);
	lines_sort(&lines);
	return lines;
}

char *left_since(const struct lines *before, bool has_network)
{
	char *difference = NULL;
	struct lines now;

	for (int waited = 0; waited < PATIENCE_MS; waited += STEP_MS) {
		free(difference);
		now = left_look(has_network);
		difference = lines_difference(before, &now);
		lines_free(&now);
		if (!difference[0])
			return difference;
		poll(NULL, 0, STEP_MS);
	}
	return difference;
}

/* The lines that came, longest path first: what is below goes before. */
static void left_remove_each(const struct lines *before,
			     const struct lines *now)
{
	int pid;

	for (size_t i = now->count; i-- > 0;) {
		const char *line = now->line[i];

		if (bsearch(&line, before->line, before->count, sizeof(char *),
			    lines_order))
			continue;
		if (sscanf(line, "process %d", &pid) == 1)
			kill(pid, SIGKILL);
		else if (strncmp(line, "group ", 6) == 0)
			world_remove_group(line + 6);
		else if (strncmp(line, "file ", 5) == 0)
			remove(line + 5);
		else if (strncmp(line, "interface ", 10) == 0)
			world_remove_interface(line + 10);
	}
}

void left_remove(const struct lines *before, bool has_network)
{
	CLEANUP_FREE char *difference = NULL;
	struct lines now;

	if (has_network)
		world_remove_network();
	for (int i = 0; i < 100; i++) {
		now = left_look(has_network);
		free(difference);
		difference = lines_difference(before, &now);
		if (difference[0])
			left_remove_each(before, &now);
		lines_free(&now);
		if (!difference[0])
			return;
		poll(NULL, 0, STEP_MS);
	}
	fprintf(stderr, "faults: still there: %s\n", difference);
}
