#include "tools/explain/step.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tools/explain/kinds.h"

static void step_append(char *text, size_t size, const char *format,
			va_list list)
{
	size_t length = strlen(text);

	if (length > 0 && length < size - 1)
		text[length++] = ' ';
	vsnprintf(text + length, size - length, format, list);
}

void step_what(struct step *step, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	step_append(step->what, sizeof(step->what), format, list);
	va_end(list);
}

void step_words(struct step *step, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	step_append(step->words, sizeof(step->words), format, list);
	va_end(list);
}

void step_chapter(struct step *step, const char *chapter)
{
	size_t length = strlen(step->chapters);

	if (!strstr(step->chapters, chapter))
		snprintf(step->chapters + length,
			 sizeof(step->chapters) - length, "%s%s",
			 length ? " " : "", chapter);
}

void step_is(struct step *step, const char *key)
{
	const struct kind *kind = kind_find(key);

	snprintf(step->kind, sizeof(step->kind), "%s", key);
	snprintf(step->chapters, sizeof(step->chapters), "%s",
		 kind ? kind->chapters : "");
	snprintf(step->words, sizeof(step->words), "%s",
		 kind ? kind->words : key);
}
