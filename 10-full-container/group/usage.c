/*
 * What a container uses, as one JSON object, which a group's files say.
 *
 * The kernel counts all the time; to look costs a read(2) for each file.
 * Files that this machine lacks are left out of the result, and not shown as
 * 0.
 */
#include "10-full-container/group/usage.h"

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "habits/count.h"
#include "habits/error.h"
#include "habits/look.h"
#include "05-cgroups/beyond/lists.h"
#include "05-cgroups/beyond/stats.h"
#include "05-cgroups/beyond/trees.h"
#include "05-cgroups/files.h"
#include "10-full-container/guard/json.h"

/*
 * Where each number comes from: a file, and the word before the number in it.
 * v2's counts if it is there: a hybrid machine has some of both, and cpu.stat
 * even in two trees.
 */
static const struct {
	const char *path; /* in the result */
	const char *v2, *v1;
} usage_numbers[] = {
	{ "cpu.usage.total", "cpu.stat usage_usec", "cpuacct.usage" },
	{ "cpu.usage.kernel", "cpu.stat system_usec", "cpuacct.usage_sys" },
	{ "cpu.usage.user", "cpu.stat user_usec", "cpuacct.usage_user" },
	{ "cpu.throttling.periods", "cpu.stat nr_periods", NULL },
	{ "cpu.throttling.throttledPeriods", "cpu.stat nr_throttled", NULL },
	{ "cpu.throttling.throttledTime", "cpu.stat throttled_usec",
	  "cpu.stat throttled_time" },
	{ "memory.cache", "memory.stat file", "memory.stat cache" },
	{ "memory.usage.usage", "memory.current", "memory.usage_in_bytes" },
	{ "memory.usage.limit", "memory.max", "memory.limit_in_bytes" },
	{ "memory.usage.max", "memory.peak", "memory.max_usage_in_bytes" },
	{ "memory.usage.failcnt", "memory.events max", "memory.failcnt" },
	{ "memory.swap.usage", NULL, "memory.memsw.usage_in_bytes" },
	{ "memory.swap.limit", NULL, "memory.memsw.limit_in_bytes" },
	{ "memory.swap.max", NULL, "memory.memsw.max_usage_in_bytes" },
	{ "memory.swap.failcnt", NULL, "memory.memsw.failcnt" },
	{ "memory.kernel.usage", "memory.stat kernel",
	  "memory.kmem.usage_in_bytes" },
	{ "memory.kernel.limit", NULL, "memory.kmem.limit_in_bytes" },
	{ "memory.kernel.max", NULL, "memory.kmem.max_usage_in_bytes" },
	{ "memory.kernel.failcnt", NULL, "memory.kmem.failcnt" },
	{ "memory.kernelTCP.usage", NULL, "memory.kmem.tcp.usage_in_bytes" },
	{ "memory.kernelTCP.limit", NULL, "memory.kmem.tcp.limit_in_bytes" },
	{ "memory.kernelTCP.failcnt", NULL, "memory.kmem.tcp.failcnt" },
	{ "pids.current", "pids.current", NULL },
	{ "pids.limit", "pids.max", NULL },
};

/* What is in a file's text, at the line of `key` or in all; NULL: nothing. */
typedef json_t *usage_parse(char *text, const char *key);

/* Times are nanoseconds in the result. */
static json_t *usage_parse_number(char *text, const char *key)
{
	long long number = cgroup_find_number(text, key);
	int factor = key && strstr(key, "_usec") ? 1000 : 1;

	return number < 0 ? NULL : json_integer(number * factor);
}

/* "0-2,7" is 0, 1, 2 and 7. */
static json_t *usage_parse_list(char *text, const char *key)
{
	json_t *array = json_array();
	const char *rest = text;
	long first, last;

	(void)key;
	while (lists_range(&rest, &first, &last) > 0)
		for (; first <= last; first++)
			json_array_append_new(array, json_integer(first));
	return array;
}

/* One number for each processor, in order. */
static json_t *usage_parse_words(char *text, const char *key)
{
	json_t *array = json_array();
	char *word;

	(void)key;
	while ((word = cgroup_next_word(&text, " \n")))
		json_array_append_new(array,
				      json_integer(strtoll(word, NULL, 10)));
	return array;
}

/* Every line "NAME NUMBER", whatever this kernel has in it. */
static json_t *usage_parse_lines(char *text, const char *key)
{
	json_t *lines = json_object();
	char *line;

	(void)key;
	while ((line = cgroup_next_word(&text, "\n"))) {
		const char *name = strsep(&line, " ");

		if (line)
			json_object_set_new(
				lines, name,
				json_integer(strtoll(line, NULL, 10)));
	}
	return lines;
}

/* One number of one disk; in the JSON both versions look the same. */
static void usage_add_disk(json_t *array, const char *disk, const char *op,
			   const char *value)
{
	long major = 0, minor = 0;

	if (sscanf(disk, "%ld:%ld", &major, &minor) != 2)
		return; /* "Total 0", the last line of v1 */
	json_array_append_new(array,
			      json_pack("{s:I, s:I, s:s, s:I}", "major",
					(json_int_t)major, "minor",
					(json_int_t)minor, "op", op, "value",
					(json_int_t)strtoll(value, NULL, 10)));
}

/* v2: "8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=0 dios=0"; the key: "ios". */
static void usage_add_words(json_t *array, const char *disk, char *words,
			    const char *key)
{
	char *word;

	while ((word = cgroup_next_word(&words, " "))) {
		const char *name = strsep(&word, "=");

		if (word && strcmp(name + 1, key) == 0)
			usage_add_disk(array, disk,
				       *name == 'r'   ? "Read"
				       : *name == 'w' ? "Write"
						      : "Discard",
				       word);
	}
}

/* v1: a file for each kind, with lines as "8:0 Read 4096". */
static json_t *usage_parse_disks(char *text, const char *key)
{
	json_t *array = json_array();
	char *line;

	while ((line = cgroup_next_word(&text, "\n"))) {
		const char *disk = strsep(&line, " ");

		if (key && line) {
			usage_add_words(array, disk, line, key);
			continue;
		}
		const char *op = strsep(&line, " ");
		if (line)
			usage_add_disk(array, disk, op, line);
	}
	if (json_array_size(array) > 0)
		return array;
	json_decref(array);
	return NULL;
}

/*
 * What is no single number.  v2 does not count for each processor.  Of a disk
 * that nobody used there is no line.
 */
static const struct {
	const char *path, *v2, *v1;
	usage_parse *parse;
} usage_lists[] = {
	{ "cpuset.cpus", "cpuset.cpus.effective", "cpuset.effective_cpus",
	  usage_parse_list },
	{ "cpuset.mems", "cpuset.mems.effective", "cpuset.effective_mems",
	  usage_parse_list },
	{ "cpu.usage.percpu", NULL, "cpuacct.usage_percpu", usage_parse_words },
	{ "cpu.usage.percpu_kernel", NULL, "cpuacct.usage_percpu_sys",
	  usage_parse_words },
	{ "cpu.usage.percpu_user", NULL, "cpuacct.usage_percpu_user",
	  usage_parse_words },
	{ "memory.raw", "memory.stat", NULL, usage_parse_lines },
	{ "blkio.ioServiceBytesRecursive", "io.stat bytes",
	  "blkio.throttle.io_service_bytes_recursive", usage_parse_disks },
	{ "blkio.ioServicedRecursive", "io.stat ios",
	  "blkio.throttle.io_serviced_recursive", usage_parse_disks },
};

/* What stands under a name, in the first tree that has it: look.h's answers. */
static int usage_look(const struct cgroup *cg, const char *name,
		      usage_parse *parse, json_t **value)
{
	const char *key = strchr(name, ' ');
	char file[64], text[CGROUP_TEXT];

	*value = NULL;
	snprintf(file, sizeof(file), "%.*s", (int)strcspn(name, " "), name);
	trees_each (cg, tree) {
		int answer = cgroup_look_text(tree->fd, file, text);

		if (answer < 0)
			return error_call(NULL, "read %s in %s", file,
					  tree->group);
		if (answer > 0 && text[0])
			*value = parse(text, key ? key + 1 : NULL);
		if (*value)
			break;
	}
	return *value != NULL;
}

/* Both names are looked at: what cannot be read is not just left out. */
static int usage_add(json_t *usage, const struct cgroup *cg, const char *path,
		     const char *v2, const char *v1, usage_parse *parse)
{
	const char *const names[] = { v2, v1 };

	for (size_t i = 0; i < COUNT(names); i++) {
		json_t *value = NULL;

		if (names[i] && usage_look(cg, names[i], parse, &value) < 0)
			return -1;
		if (value) /* what is there already stays */
			json_set_path(usage, path, value);
	}
	return 0;
}

static int usage_number(const struct cgroup *cg, const char *file,
			long long *number)
{
	json_t *value;
	int answer = usage_look(cg, file, usage_parse_number, &value);

	*number = answer > 0 ? json_integer_value(value) : -1;
	json_decref(value);
	return answer;
}

/*
 * v1 counts memory and swap together, and so does the format; v2 counts swap
 * alone.  "max" is a very large number: the kernel itself prints one in v1.
 */
static int usage_add_swap(json_t *usage, const struct cgroup *cg)
{
	long long swap, used, limit, most;

	/* v1 has no files of these names. */
	if (usage_number(cg, "memory.swap.current", &swap) < 0 ||
	    usage_number(cg, "memory.current", &used) < 0 ||
	    usage_number(cg, "memory.max", &limit) < 0 ||
	    usage_number(cg, "memory.swap.max", &most) < 0)
		return -1;
	if (used < 0)
		return 0; /* memory is not v2's */
	json_set_path(usage, "memory.usage.limit",
		      json_integer(limit < 0 ? INT64_MAX : limit));
	if (swap < 0)
		return 0; /* a kernel without swap */
	json_set_path(usage, "memory.swap.usage", json_integer(used + swap));
	json_set_path(
		usage, "memory.swap.limit",
		json_integer(limit < 0 || most < 0 ? INT64_MAX : limit + most));
	return 0;
}

/* Of one size: "hugetlb.2MB.current" is the name that leads to it. */
static int usage_add_page(json_t *usage, const struct cgroup *cg,
			  const char *size, int length)
{
	static const char *const rows[][3] = {
		{ "usage", "current", "usage_in_bytes" },
		{ "max", "max_usage_in_bytes", "max_usage_in_bytes" },
		{ "failcnt", "events max", "failcnt" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		char names[3][128];

		for (int j = 0; j < 3; j++)
			snprintf(names[j], sizeof(names[j]), "hugetlb.%.*s.%s",
				 length, size, rows[i][j]);
		if (usage_add(usage, cg, names[0], names[1], names[2],
			      usage_parse_number) < 0)
			return -1;
	}
	return 0;
}

/* Which sizes there are depends on the processor. */
static int usage_add_pages(json_t *usage, const struct cgroup *cg)
{
	const struct cgroup_tree *tree = trees_with(cg, "hugetlb");
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
			result = usage_add_page(usage, cg, size,
						(int)(end - size));
	}
	if (answer < 0)
		result = error_call(NULL, "list %s", tree->group);
	if (list)
		closedir(list);
	return result;
}

static int usage_add_tables(json_t *usage, const struct cgroup *cg)
{
	int result = 0;

	for (size_t i = 0; result == 0 && i < COUNT(usage_numbers); i++)
		result = usage_add(usage, cg, usage_numbers[i].path,
				   usage_numbers[i].v2, usage_numbers[i].v1,
				   usage_parse_number);
	for (size_t i = 0; result == 0 && i < COUNT(usage_lists); i++)
		result = usage_add(usage, cg, usage_lists[i].path,
				   usage_lists[i].v2, usage_lists[i].v1,
				   usage_lists[i].parse);
	return result;
}

/* NULL after a message.  The caller owns the result. */
json_t *usage_read(const struct cgroup *cg)
{
	/* Each part is there, even if nothing is known of it. */
	json_t *usage = json_pack(
		"{s:{s:{},s:{}}, s:{}, s:{s:{},s:{},s:{},s:{}}, s:{}, s:{}, "
		"s:{}, s:{}, s:[]}",
		"cpu", "usage", "throttling", "cpuset", "memory", "usage",
		"swap", "kernel", "kernelTCP", "pids", "blkio", "hugetlb",
		"intel_rdt", "network_interfaces");

	if (!usage) {
		error_input(NULL, "events: no memory to count with");
		return NULL;
	}
	if (usage_add_tables(usage, cg) == 0 &&
	    usage_add_swap(usage, cg) == 0 && usage_add_pages(usage, cg) == 0)
		return usage;
	json_decref(usage);
	return NULL;
}
