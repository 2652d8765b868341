#include "tests/runner/results.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *path;

void results_begin(void)
{
	const char *given = getenv("RESULTS");

	if (!given || !*given)
		return;
	path = strdup(given);
	unsetenv("RESULTS");
}

/* A field of one line; of a program's output anything may be in it. */
static void put_field(FILE *file, const char *text)
{
	const char *end = text + strlen(text);

	while (end > text && end[-1] == '\n')
		end--;
	putc('\t', file);
	for (; text < end; text++) {
		if (*text == '\\')
			fputs("\\\\", file);
		else if (*text == '\n')
			fputs("\\n", file);
		else if (*text == '\t')
			fputs("\\t", file);
		else
			putc((unsigned char)*text < ' ' || *text == 127 ? '?'
									: *text,
			     file);
	}
}

void results_add(const struct said *said)
{
	FILE *file;

	if (!path)
		return;
	file = fopen(path, "ae");
	if (!file) {
		perror(path);
		exit(1);
	}
	fprintf(file, "%s\t%s\t%.2s", said->verdict, said->part, said->stage);
	put_field(file, said->name);
	fprintf(file, "\t%.3f", said->seconds);
	put_field(file, said->place);
	put_field(file, said->message);
	putc('\n', file);
	if (fclose(file) != 0) {
		perror(path);
		exit(1);
	}
}
