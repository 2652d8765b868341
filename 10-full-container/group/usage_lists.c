/*
 * Counters that come as lists: per processor, per disk, per size of page.
 *
 * Each version writes them in its own way; the result has one form, that of
 * the first runtime, which engines read.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "habits/error.h"
#include "habits/look.h"
#include "05-cgroups/beyond/tree.h"
#include "05-cgroups/files.h"
#include "10-full-container/group/usage.h"
#include "10-full-container/guard/json.h"

/*
 * The text of a file, from the first tree that has it and more than nothing in
 * it.  1; 0: none has; -1 after a message.
 */
static int usage_text(const struct cgroup *cg, const char *file,
		      char text[CGROUP_TEXT])
{
	for (int i = 0; i < CGROUP_TREES; i++) {
		int answer = 0;

		if (cg->trees[i].group)
			answer = cgroup_look_text(cg->trees[i].fd, file, text);
		if (answer < 0)
			return error_call(NULL, "read %s in %s", file,
					  cg->trees[i].group);
		if (answer > 0 && text[0])
			return 1;
	}
	return 0;
}

/* "0-2,7" is 0, 1, 2 and 7. */
static json_t *usage_parse_list(char *text)
{
	json_t *array = json_array();
	char *word, *end;

	while ((word = cgroup_next_word(&text, ",\n"))) {
		long first = strtol(word, &end, 10), last = first;

		if (*end == '-')
			last = strtol(end + 1, NULL, 10);
		for (; first <= last; first++)
			json_array_append_new(array, json_integer(first));
	}
	return array;
}

/* One number for each processor, in order. */
static json_t *usage_parse_words(char *text)
{
	json_t *array = json_array();
	char *word;

	while ((word = cgroup_next_word(&text, " \n")))
		json_array_append_new(array,
				      json_integer(strtoll(word, NULL, 10)));
	return array;
}

/* Each member twice: the name of its file in v2, and in v1. */
static const struct {
	const char *path, *file;
	json_t *(*parse)(char *text);
} usage_lists[] = {
	{ "cpuset.cpus", "cpuset.cpus.effective", usage_parse_list },
	{ "cpuset.cpus", "cpuset.effective_cpus", usage_parse_list },
	{ "cpuset.mems", "cpuset.mems.effective", usage_parse_list },
	{ "cpuset.mems", "cpuset.effective_mems", usage_parse_list },
	{ "cpu.usage.percpu", "cpuacct.usage_percpu", usage_parse_words },
	{ "cpu.usage.percpu_kernel", "cpuacct.usage_percpu_sys",
	  usage_parse_words },
	{ "cpu.usage.percpu_user", "cpuacct.usage_percpu_user",
	  usage_parse_words },
};

/* v2 does not count for each processor. */
int usage_add_cpus(json_t *usage, const struct cgroup *cg)
{
	size_t count = sizeof(usage_lists) / sizeof(usage_lists[0]);
	char text[CGROUP_TEXT];

	for (size_t i = 0; i < count; i++) {
		int answer = usage_text(cg, usage_lists[i].file, text);

		if (answer < 0)
			return -1;
		if (answer > 0)
			json_set_path(usage, usage_lists[i].path,
				      usage_lists[i].parse(text));
	}
	return 0;
}

/* Every line of memory.stat, whatever this kernel has in it. */
int usage_add_raw(json_t *usage, const struct cgroup *cg)
{
	char text[CGROUP_TEXT], *rest = text, *line;
	int answer = usage_text(cg, "memory.stat", text);
	json_t *raw;

	if (answer <= 0)
		return answer;
	raw = json_object();
	while ((line = cgroup_next_word(&rest, "\n"))) {
		const char *name = strsep(&line, " ");

		if (line)
			json_object_set_new(
				raw, name,
				json_integer(strtoll(line, NULL, 10)));
	}
	json_set_path(usage, "memory.raw", raw);
	return 0;
}

/* One number of one disk; in the JSON both versions look the same. */
static void usage_add_entry(json_t *usage, const char *list, const char *disk,
			    const char *op, const char *value)
{
	json_t *blkio = json_object_get(usage, "blkio");
	json_t *array = json_object_get(blkio, list);
	long major = 0, minor = 0;

	if (sscanf(disk, "%ld:%ld", &major, &minor) != 2)
		return; /* "Total 0", the last line of v1 */
	if (!array)
		json_object_set_new(blkio, list, array = json_array());
	json_array_append_new(array,
			      json_pack("{s:I, s:I, s:s, s:I}", "major",
					(json_int_t)major, "minor",
					(json_int_t)minor, "op", op, "value",
					(json_int_t)strtoll(value, NULL, 10)));
}

/* v2: "8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=0 dios=0". */
static void usage_add_disk(json_t *usage, char *line)
{
	static const char bytes[] = "ioServiceBytesRecursive";
	static const char times[] = "ioServicedRecursive";
	static const struct {
		const char *word, *list, *op;
	} words[] = {
		{ "rbytes", bytes, "Read" },    { "wbytes", bytes, "Write" },
		{ "dbytes", bytes, "Discard" }, { "rios", times, "Read" },
		{ "wios", times, "Write" },     { "dios", times, "Discard" },
	};
	const char *disk = strsep(&line, " ");
	char *word;

	while ((word = cgroup_next_word(&line, " "))) {
		const char *name = strsep(&word, "=");

		for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
			if (word && strcmp(words[i].word, name) == 0)
				usage_add_entry(usage, words[i].list, disk,
						words[i].op, word);
	}
}

/* v1: a file for each kind, with lines as "8:0 Read 4096". */
static int usage_add_disks_v1(json_t *usage, const struct cgroup *cg,
			      const char *list, const char *file)
{
	char text[CGROUP_TEXT], *rest = text, *line;
	int answer = usage_text(cg, file, text);

	while (answer > 0 && (line = cgroup_next_word(&rest, "\n"))) {
		const char *disk = strsep(&line, " ");
		const char *op = strsep(&line, " ");

		if (line)
			usage_add_entry(usage, list, disk, op, line);
	}
	return answer < 0 ? -1 : 0;
}

/* Of a disk that nobody used there is no line. */
int usage_add_disks(json_t *usage, const struct cgroup *cg)
{
	char text[CGROUP_TEXT], *rest = text, *line;
	int answer = usage_text(cg, "io.stat", text);

	while (answer > 0 && (line = cgroup_next_word(&rest, "\n")))
		usage_add_disk(usage, line);
	if (answer < 0 ||
	    usage_add_disks_v1(usage, cg, "ioServiceBytesRecursive",
			       "blkio.throttle.io_service_bytes_recursive") < 0)
		return -1;
	return usage_add_disks_v1(usage, cg, "ioServicedRecursive",
				  "blkio.throttle.io_serviced_recursive");
}

/* Of one size: "hugetlb.2MB.current" is the name that leads to it. */
static int usage_add_page(json_t *usage, int dir, const char *size, int length)
{
	static const struct {
		const char *member, *file, *key;
	} rows[] = {
		{ "usage", "current", NULL },
		{ "usage", "usage_in_bytes", NULL },
		{ "max", "max_usage_in_bytes", NULL },
		{ "failcnt", "events", "max" },
		{ "failcnt", "failcnt", NULL },
	};
	char path[128], file[128];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		long long number;

		snprintf(file, sizeof(file), "hugetlb.%.*s.%s", length, size,
			 rows[i].file);
		snprintf(path, sizeof(path), "hugetlb.%.*s.%s", length, size,
			 rows[i].member);
		if (cgroup_number(dir, file, rows[i].key, &number) < 0)
			return error_call(NULL, "read %s of the group", file);
		if (number >= 0)
			json_set_path(usage, path, json_integer(number));
	}
	return 0;
}

/* Which sizes there are depends on the processor. */
int usage_add_pages(json_t *usage, const struct cgroup *cg)
{
	const struct cgroup_tree *tree = cgroup_tree_for(cg, "hugetlb");
	struct dirent *entry;
	int answer, result = 0;
	DIR *list;

	if (!tree || !tree->group)
		return 0;
	answer = look_list(tree->fd, ".", &list);
	while (result == 0 && answer > 0 &&
	       (answer = look_next(list, &entry)) > 0) {
		const char *size = entry->d_name + strlen("hugetlb."), *end;

		if (strncmp(entry->d_name, "hugetlb.", strlen("hugetlb.")) != 0)
			continue;
		end = strchr(size, '.');
		if (end && (strcmp(end, ".current") == 0 ||
			    strcmp(end, ".usage_in_bytes") == 0))
			result = usage_add_page(usage, tree->fd, size,
						(int)(end - size));
	}
	if (answer < 0)
		result = error_call(NULL, "list %s", tree->group);
	if (list)
		closedir(list);
	return result;
}
