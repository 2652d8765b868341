#include "tests/faults/results.h"

#include <err.h>
#include <fcntl.h>
#include <glob.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "habits/cleanup.h"

static uint64_t results_key(const char *program)
{
	FILE *file = fopen(program, "re");
	uint64_t key = TEXT_KEY;
	char piece[4096];
	size_t length;

	if (!file)
		err(1, "%s", program);
	while ((length = fread(piece, 1, sizeof(piece), file)) > 0)
		key = text_key(key, piece, length);
	fclose(file);
	return key;
}

static void results_forget(const char *directory, const char *name,
			   const char *path)
{
	CLEANUP_FREE char *pattern =
		text_format("%s/%s.*.tsv", directory, name);
	glob_t found;

	if (glob(pattern, 0, NULL, &found) != 0)
		return;
	for (size_t i = 0; i < found.gl_pathc; i++)
		if (strcmp(found.gl_pathv[i], path) != 0)
			unlink(found.gl_pathv[i]);
	globfree(&found);
}

/* The first two columns of each line. */
static void results_read(struct results *results, const char *path)
{
	CLEANUP_FREE char *text = text_of_file(path);
	char pass[32], address[128];

	for (char *line = text; *line; line += *line == '\n') {
		if (sscanf(line, "%31s %127s", pass, address) == 2)
			lines_add(&results->known, "%s %s", pass, address);
		line += strcspn(line, "\n");
	}
	lines_sort(&results->known);
}

void results_open(struct results *results, const char *directory,
		  const char *name, const char *program)
{
	CLEANUP_FREE char *path =
		text_format("%s/%s.%016jx.tsv", directory, name,
			    (uintmax_t)results_key(program));

	*results = (struct results){ 0 };
	results_forget(directory, name, path);
	results_read(results, path);
	results->fd =
		open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	if (results->fd < 0)
		err(1, "%s", path);
}

void results_close(struct results *results)
{
	close(results->fd);
	lines_free(&results->known);
}

void results_plan(const char *directory, const char *name, size_t count)
{
	CLEANUP_FREE char *path = text_format("%s/%s.plan", directory, name);
	FILE *file = fopen(path, "we");

	if (!file || fprintf(file, "%zu\n", count) < 0 || fclose(file) != 0)
		err(1, "%s", path);
}

bool results_have(const struct results *results, const char *pass,
		  const char *address)
{
	CLEANUP_FREE char *wanted = text_format("%s %s", pass, address);

	return results->known.count &&
	       bsearch(&wanted, results->known.line, results->known.count,
		       sizeof(char *), lines_order);
}

/* In one write: two workers share the file. */
void results_add(struct results *results, const char *pass, const char *address,
		 const struct fault *fault, const struct outcome *outcome,
		 const struct judgement *judgement)
{
	const char *name = strerrorname_np(fault->error);
	CLEANUP_FREE char *line =
		text_format("%s\t%s\t%s\t%s\t%s\t%s\t%s\n", pass, address,
			    fault->is_killed ? "KILL" : name,
			    verdict_names[judgement->verdict],
			    !outcome->has_begun   ? "main"
			    : outcome->is_message ? "message"
						  : "-",
			    outcome->what, judgement->why);

	if (write(results->fd, line, strlen(line)) < 0)
		err(1, "results");
}
