/*
 * What a container used.
 *
 * The kernel charges pages, cpu time and processes to the group that caused
 * them, so the sum is there when the last process has gone.  Not every
 * kernel counts everything, and what it does not count is said to be so.
 */
#include "05-cgroups/beyond/stats.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "habits/count.h"
#include "habits/error.h"
#include "habits/look.h"
#include "05-cgroups/beyond/trees.h"

/* Numbers to read: where v1 has them, and in which unit. */
static const struct {
	const char *v2, *v2_key, *v1, *v1_key;
	long long divisor;
} stats_v1[] = {
	{ "memory.peak", NULL, "memory.max_usage_in_bytes", NULL, 1 },
	{ "memory.current", NULL, "memory.usage_in_bytes", NULL, 1 },
	{ "memory.max", NULL, "memory.limit_in_bytes", NULL, 1 },
	{ "memory.events", "oom_kill", "memory.oom_control", "oom_kill", 1 },
	{ "cpu.stat", "usage_usec", "cpuacct.usage", NULL, 1000 },
	{ "cpu.stat", "throttled_usec", "cpu.stat", "throttled_time", 1000 },
};

/* EOPNOTSUPP: this kernel has the file, and does not count what it is for. */
int cgroup_look_text(int dir, const char *file, char text[CGROUP_TEXT])
{
	int result = cgroup_read_text(dir, file, text);

	return result < 0 && errno == EOPNOTSUPP ? 0 : look_answer(result);
}

/*
 * A file has one number, as in memory.max, or lines of a word and a number
 * each, as in cpu.stat: cgroups v2 calls that "flat keyed".
 */
long long cgroup_find_number(const char *text, const char *key)
{
	size_t length = key ? strlen(key) : 0;

	for (; *text; text += strcspn(text, "\n"), text += strspn(text, "\n")) {
		const char *number = text + length + (key != NULL);

		if (key &&
		    (strncmp(text, key, length) != 0 || text[length] != ' '))
			continue;
		if (isdigit((unsigned char)*number))
			return strtoll(number, NULL, 10);
	}
	return -1;
}

int cgroup_number(int dir, const char *file, const char *key, long long *number)
{
	char text[CGROUP_TEXT];
	int answer = cgroup_look_text(dir, file, text);

	*number = answer > 0 ? cgroup_find_number(text, key) : -1;
	if (answer < 0 || *number >= 0)
		return answer;
	errno = ENOENT;
	return 0;
}

/* Either translated, or a file that v1 calls the same: pids.current. */
static int stats_read_v1(const struct cgroup *cg, const char *file,
			 const char *key, long long *number)
{
	long long divisor = 1;
	const struct cgroup_tree *tree;
	int answer;

	for (size_t i = 0; i < COUNT(stats_v1); i++) {
		const char *stats_key = stats_v1[i].v2_key;

		if (strcmp(file, stats_v1[i].v2) != 0 ||
		    strcmp(key ? key : "", stats_key ? stats_key : "") != 0)
			continue;
		file = stats_v1[i].v1;
		key = stats_v1[i].v1_key;
		divisor = stats_v1[i].divisor;
		break;
	}
	tree = trees_with(cg, file);
	if (!tree || !tree->group)
		return 0;
	answer = cgroup_number(tree->fd, file, key, number);
	if (answer > 0)
		*number /= divisor;
	return answer;
}

/* On a hybrid machine cpu.stat, for one, is partly in v2 and partly in v1. */
int cgroup_read(const struct cgroup *cg, const char *file, const char *key,
		long long *number)
{
	int answer = 0;

	*number = -1;
	if (cg->path)
		answer = cgroup_number(cg->dir, file, key, number);
	return answer == 0 ? stats_read_v1(cg, file, key, number) : answer;
}

/* The exact number for programs, and one to read for people. */
static void cgroup_print_bytes(FILE *out, long long bytes)
{
	fprintf(out, "%lld bytes (%.1f MiB)\n", bytes,
		(double)bytes / (1024 * 1024));
}

/*
 * cpu time is the sum over all cpus: it can be more than the time that passed.
 */
static void cgroup_print_time(FILE *out, long long microseconds)
{
	fprintf(out, "%lld.%06lld seconds\n", microseconds / 1000000,
		microseconds % 1000000);
}

static void cgroup_print_count(FILE *out, long long count)
{
	fprintf(out, "%lld\n", count);
}

static const struct {
	const char *label, *file, *key;
	void (*print)(FILE *out, long long number);
	const char *needs; /* to be counted; NULL: leave it out if it is not */
} stats_lines[] = {
	{ "memory peak", "memory.peak", NULL, cgroup_print_bytes,
	  "the memory controller and Linux 5.19" },
	{ "cpu time", "cpu.stat", "usage_usec", cgroup_print_time,
	  "a group of its own" },
	{ "cpu throttled", "cpu.stat", "throttled_usec", cgroup_print_time,
	  NULL },
	{ "OOM kills", "memory.events", "oom_kill", cgroup_print_count,
	  "the memory controller" },
	{ "pids peak", "pids.peak", NULL, cgroup_print_count,
	  "the pids controller and Linux 6.1" },
};

/* As cgroup_read(), with a message. */
static int stats_read(const struct cgroup *cg, const char *file,
		      const char *key, long long *number)
{
	int answer = cgroup_read(cg, file, key, number);

	return answer < 0 ? error_call(NULL, "read %s of the group", file)
			  : answer;
}

/* One line each, "label: number unit", so that programs can read it too. */
static void cgroup_print_all(const struct cgroup *cg, FILE *out)
{
	for (size_t i = 0; i < COUNT(stats_lines); i++) {
		long long number;

		if (stats_read(cg, stats_lines[i].file, stats_lines[i].key,
			       &number) < 0 ||
		    (number < 0 && !stats_lines[i].needs))
			continue;
		fprintf(out, "%s: ", stats_lines[i].label);
		if (number < 0)
			fprintf(out, "not available (needs %s)\n",
				stats_lines[i].needs);
		else
			stats_lines[i].print(out, number);
	}
}

/*
 * A process that runs into memory.max gets SIGKILL and cannot say why it
 * died; its exit status is 137, like after any other SIGKILL.  An answer that
 * is lost, on a full disk, makes no success of the command's.
 */
int cgroup_stats(const struct cgroup *cg, FILE *out, int status)
{
	long long kills, limit;
	int answer = stats_read(cg, "memory.events", "oom_kill", &kills);

	if (kills > 0 && stats_read(cg, "memory.max", NULL, &limit) >= 0)
		error_note("the kernel killed %lld process%s: out of memory at "
			   "the limit of %lld bytes",
			   kills, kills > 1 ? "es" : "", limit);
	if (cg->stats && answer >= 0)
		cgroup_print_all(cg, out);
	if (!cg->stats || (fflush(out) == 0 && !ferror(out)))
		return status;
	error_call(NULL, "print what was used");
	return status ? status : EXIT_SETUP;
}
