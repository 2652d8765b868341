/* Lines of text: read, sorted, compared. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct lines {
	char **line;
	size_t count, room;
};

void lines_add(struct lines *lines, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void lines_add_file(struct lines *lines, const char *label, const char *path);
void lines_sort(struct lines *lines);
int lines_order(const void *a, const void *b); /* for bsearch(3) */
void lines_free(struct lines *lines);

/* "+this -that", of two that are sorted; "" if they are the same. */
char *lines_difference(const struct lines *before, const struct lines *after);

/* New text; "" if the file cannot be read. */
char *text_of_file(const char *path);
char *text_format(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

/* Control characters become spaces. */
void text_one_line(char *text);

/* FNV-1a: to tell texts apart, not to withstand anybody. */
uint64_t text_key(uint64_t key, const void *text, size_t length);
#define TEXT_KEY 0xcbf29ce484222325 /* to begin with */

/* Lines of `text`, each as it is. */
void lines_add_text(struct lines *lines, const char *text);
