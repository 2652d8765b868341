/*
 * ps: the processes of a container, as the host sees them.
 *
 * An engine wants their numbers.  A person wants the table that ps(1) makes,
 * and that is ps(1)'s work: it lists all processes of the host, and we leave
 * out the lines that are not the container's.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "08-netns/beyond/tool.h"
#include "10-full-container/group/group.h"
#include "10-full-container/life/container.h"

#define PS_WORDS 64

const struct option_entry ps_options[] = {
	{ 'f', "format", "FORMAT", "table or json", request_parse_format,
	  offsetof(struct request, json) },
	{ 0 },
};

/* In which column of this line is the word?  -1: in none. */
static int ps_column(const char *line, const char *word)
{
	size_t length;

	for (int column = 0;; column++, line += length) {
		line += strspn(line, " \t");
		length = strcspn(line, " \t\n");
		if (length == 0)
			return -1;
		if (strlen(word) == length && strncmp(line, word, length) == 0)
			return column;
	}
}

/* The number in that column, or 0. */
static long ps_number(const char *line, int column)
{
	for (; column > 0; column--) {
		line += strspn(line, " \t");
		line += strcspn(line, " \t\n");
	}
	return strtol(line, NULL, 10);
}

/* One by one: a container has few processes, beside what ps(1) costs. */
static bool ps_has(const pid_t *pids, int count, long pid)
{
	for (int i = 0; i < count; i++)
		if (pids[i] == pid)
			return true;
	return false;
}

/* The header, and the lines whose PID is on the list. */
static int ps_filter(char *table, const pid_t *pids, int count)
{
	char *line = strsep(&table, "\n");
	int column = ps_column(line, "PID");

	if (column < 0)
		return error_input("ask ps for it: -o pid,comm",
				   "ps: there is no column PID in what ps(1) "
				   "printed: %.80s",
				   line);
	puts(line);
	while ((line = strsep(&table, "\n")))
		if (*line && ps_has(pids, count, ps_number(line, column)))
			puts(line);
	return 0;
}

/*
 * The options after the id are for ps(1), "-ef" without any; -e comes first,
 * because ps(1) by itself shows only what has its own terminal.  It runs on the
 * host, so the numbers are the host's, as are those from the group.
 */
static int ps_print_table(char **options, const pid_t *pids, int count)
{
	const char *words[PS_WORDS + 3] = { "ps", options[0] ? "-e" : "-ef" };
	CLEANUP_FREE char *table = NULL;
	int status;

	for (int i = 0; options[i]; i++) {
		if (i == PS_WORDS)
			return error_input(NULL, "ps: more than %d words",
					   PS_WORDS);
		words[i + 2] = options[i];
	}
	status = tool_run(words, NULL, &table);
	if (status < 0)
		return -1;
	if (status == 127)
		return error_input("it is in the package procps; --format json "
				   "does without",
				   "ps: the program ps is not installed");
	if (status > 0)
		return error_input(NULL, "ps: ps(1) failed: %.200s", table);
	return ps_filter(table, pids, count);
}

/* What engines ask for: numbers, and no other program. */
static int ps_print_json(const pid_t *pids, int count)
{
	printf("[");
	for (int i = 0; i < count; i++)
		printf("%s%d", i ? "," : "", pids[i]);
	printf("]\n");
	return 0;
}

/* A group is asked, not /proc: who has left the first session is in it too. */
int command_ps(const struct request *request, const struct state *state)
{
	CLEANUP_FREE pid_t *pids = NULL;
	struct cgroup cg = { 0 };
	int count = -1, found = group_find(state, &cg);

	if (found == 0)
		error_input(NULL, "ps: container not running: %s has no group",
			    state->id);
	if (found > 0)
		count = group_list(&cg, &pids);
	cgroup_close(&cg);
	if (count < 0)
		return -1;
	return request->json ? ps_print_json(pids, count)
			     : ps_print_table(request->words, pids, count);
}
