#include "tests/faults/text.h"

#include <err.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "habits/cleanup.h"

static void lines_take(struct lines *lines, char *line)
{
	if (lines->count == lines->room) {
		lines->room = lines->room ? lines->room * 2 : 64;
		lines->line =
			reallocarray(lines->line, lines->room, sizeof(char *));
		if (!lines->line)
			err(1, "memory");
	}
	lines->line[lines->count++] = line;
}

void lines_add(struct lines *lines, const char *format, ...)
{
	va_list list;
	char *line;

	va_start(list, format);
	if (vasprintf(&line, format, list) < 0)
		err(1, "memory");
	va_end(list);
	lines_take(lines, line);
}

void lines_add_text(struct lines *lines, const char *text)
{
	size_t length;

	for (; *text; text += length + (text[length] == '\n')) {
		length = strcspn(text, "\n");
		lines_add(lines, "%.*s", (int)length, text);
	}
}

void lines_add_file(struct lines *lines, const char *label, const char *path)
{
	CLEANUP_FREE char *text = text_of_file(path);

	text[strcspn(text, "\n")] = '\0';
	lines_add(lines, "%s %s", label, text);
}

int lines_order(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void lines_sort(struct lines *lines)
{
	if (lines->count)
		qsort(lines->line, lines->count, sizeof(char *), lines_order);
}

void lines_free(struct lines *lines)
{
	for (size_t i = 0; i < lines->count; i++)
		free(lines->line[i]);
	free(lines->line);
	*lines = (struct lines){ 0 };
}

char *lines_difference(const struct lines *before, const struct lines *after)
{
	size_t b = 0, a = 0, size = 0;
	char *text = NULL;
	FILE *out = open_memstream(&text, &size);
	int order;

	if (!out)
		err(1, "memory");
	while (b < before->count || a < after->count) {
		order = b == before->count ? 1
			: a == after->count
				? -1
				: strcmp(before->line[b], after->line[a]);
		if (order < 0)
			fprintf(out, "-%s; ", before->line[b]);
		if (order > 0)
			fprintf(out, "+%s; ", after->line[a]);
		b += order <= 0;
		a += order >= 0;
	}
	fclose(out);
	return text;
}

/* Files of /proc have no length, so it is read until there is no more. */
char *text_of_file(const char *path)
{
	FILE *file = fopen(path, "re");
	char *text = NULL, piece[4096];
	size_t size = 0, length;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		err(1, "memory");
	while (file && (length = fread(piece, 1, sizeof(piece), file)) > 0)
		fwrite(piece, 1, length, out);
	if (file)
		fclose(file);
	fclose(out);
	return text;
}

char *text_format(const char *format, ...)
{
	va_list list;
	char *text;

	va_start(list, format);
	if (vasprintf(&text, format, list) < 0)
		err(1, "memory");
	va_end(list);
	return text;
}

void text_one_line(char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ')
			*text = ' ';
}

uint64_t text_key(uint64_t key, const void *text, size_t length)
{
	for (const unsigned char *c = text; length-- > 0; c++)
		key = (key ^ *c) * 0x100000001b3;
	return key;
}
