#include "tests/faults/observe.h"

#include <ctype.h>
#include <glob.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "tests/faults/command.h"
#include "tests/faults/world.h"

#define PATIENCE_MS 3000
#define STEP_MS     5
#define LAST_WORD   "\nend\n"

char *observe_speech(const char *path)
{
	char *text = text_of_file(path), *c;

	for (int i = 0; i < PATIENCE_MS && !strstr(text, LAST_WORD) &&
			!strstr(text, "\nend\r\n");
	     i += STEP_MS) {
		poll(NULL, 0, STEP_MS);
		free(text);
		text = text_of_file(path);
	}
	while ((c = strchr(text, '\r'))) /* from a terminal */
		memmove(c, c + 1, strlen(c));
	return text;
}

/* Turn every number that follows `word` into one N. */
static void observe_blank(char *text, const char *word, const char *digits)
{
	char *to;

	while ((text = strstr(text, word))) {
		text += strlen(word);
		to = text;
		if (!isdigit((unsigned char)*to))
			continue;
		*to++ = 'N';
		memmove(to, to + strspn(to, digits),
			strlen(to + strspn(to, digits)) + 1);
	}
}

static void observe_numbers(char *text)
{
	char *to = text;

	for (; *text; text++) {
		if (*text == ' ' && to[-1] == ' ')
			continue; /* columns are as wide as their numbers */
		if (!isdigit((unsigned char)*text))
			*to++ = *text;
		else if (!isdigit((unsigned char)text[1]))
			*to++ = 'N';
	}
	*to = '\0';
}

/*
 * A page of the program that the machine no longer had in memory is read for
 * the container: its group has a disk then, and none the next time.
 */
static void observe_forget_disks(char *text)
{
	static const char begin[] = "\"blkio\":{";
	char *from = strstr(text, begin), *to;
	int depth = 1;

	if (!from)
		return;
	from += strlen(begin);
	for (to = from; *to; to++) {
		depth += (*to == '{') - (*to == '}');
		if (depth == 0)
			break;
	}
	memmove(from, to, strlen(to) + 1);
}

void observe_neutral(char *text, const char *program, bool has_numbers)
{
	static const char *const kinds[] = { "mnt", "uts",    "ipc",  "net",
					     "pid", "cgroup", "user", "time" };
	char group[64], path[64], own[64], *place;
	ssize_t length;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		snprintf(path, sizeof(path), "/proc/self/ns/%s", kinds[i]);
		length = readlink(path, own, sizeof(own) - 1);
		own[length > 0 ? length : 0] = '\0';
		while (own[0] && (place = strstr(text, own)))
			memcpy(place, "HOST", 4);
	}
	observe_blank(text, ":[", "0123456789");
	snprintf(group, sizeof(group), "%s.", program);
	observe_blank(text, group, "0123456789.");
	observe_forget_disks(text);
	if (has_numbers)
		observe_numbers(text);
}

void observe_end(pid_t pid)
{
	struct pollfd end = { .events = POLLIN };

	end.fd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (end.fd < 0)
		return;
	poll(&end, 1, PATIENCE_MS);
	close(end.fd);
}

static char *observe_groups(pid_t pid)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/cgroup", pid);
	return text_of_file(path);
}

/* Who is about to end has left its groups before `state` can know it. */
static bool observe_is_ending(const struct box *box, const char *groups)
{
	return strcmp(box->status, "stopped") != 0 && groups[0] &&
	       !strstr(groups, WORLD_GROUP);
}

void observe_box(struct lines *lines)
{
	CLEANUP_FREE char *number = text_of_file(WORLD_PIDFILE);
	CLEANUP_FREE char *groups = NULL;
	struct box box = command_state();

	groups = observe_groups(box.pid);
	if (observe_is_ending(&box, groups)) {
		observe_end(box.pid);
		box = command_state();
		free(groups);
		groups = observe_groups(box.pid);
	}
	lines_add(lines, "status %s", box.status);
	if (number[0])
		lines_add(lines, "pid file: %s",
			  strtol(number, NULL, 10) == box.pid ? "its first"
							      : "another");
	lines_add_text(lines, groups);
}

static void observe_files(struct lines *lines, const char *pattern)
{
	glob_t found;

	if (glob(pattern, 0, NULL, &found) != 0)
		return;
	for (size_t i = 0; i < found.gl_pathc; i++) {
		CLEANUP_FREE char *text = text_of_file(found.gl_pathv[i]);

		for (char *c = text; *c; c++)
			if (*c == '\n')
				*c = '|';
		lines_add(lines, "%s: %s", found.gl_pathv[i], text);
	}
	globfree(&found);
}

void observe_limits(struct lines *lines)
{
	static const char *const files[] = {
		"memory.limit_in_bytes",
		"memory.memsw.limit_in_bytes",
		"memory.max",
		"memory.swap.max",
		"pids.max",
		"cpu.shares",
		"cpu.weight",
		"cpu.max",
		"cpu.cfs_quota_us",
		"cpuset.cpus",
		"devices.list",
	};
	CLEANUP_FREE char *saved = NULL;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		CLEANUP_FREE char *v1 = text_format(
			"/sys/fs/cgroup/*/" WORLD_GROUP "/%s", files[i]);
		CLEANUP_FREE char *v2 = text_format(
			"/sys/fs/cgroup/" WORLD_GROUP "/%s", files[i]);

		observe_files(lines, v1);
		observe_files(lines, v2);
	}
	saved = text_of_file("/run/ten-steps/oci/" WORLD_ID "/config.json");
	if (saved[0])
		lines_add(lines, "saved config.json %jx",
			  (uintmax_t)text_key(TEXT_KEY, saved, strlen(saved)));
}

int observe_others(void)
{
	struct lines lines = { 0 };
	int most = 0;

	observe_files(&lines, "/sys/fs/cgroup/*/" WORLD_GROUP "/cgroup.procs");
	observe_files(&lines, "/sys/fs/cgroup/" WORLD_GROUP "/cgroup.procs");
	for (size_t i = 0; i < lines.count; i++) {
		int count = 0;

		for (const char *c = lines.line[i]; *c; c++)
			count += *c == '|';
		most = count > most ? count : most;
	}
	lines_free(&lines);
	return most - 1;
}
