/*
 * A step's text is put together piece by piece, and cut where it gets too long:
 * who is explained decides what is in it.  So here, where all of it comes by, it
 * is made fit to be shown.
 */
#include "tools/explain/step.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tools/explain/kinds.h"
#include "tools/explain/text.h"

#define ID_MIN 32

/* Numbers of containers and layers are of 64 digits, and tell nobody much. */
void step_shorten(char *text)
{
	static const char digits[] = "0123456789abcdef";
	char *to = text;
	size_t length;

	while (*text) {
		length = strspn(text, digits);
		if (length >= ID_MIN) {
			*to++ = 'I';
			*to++ = 'D';
			text += length;
			continue;
		}
		for (length += length == 0; length > 0; length--)
			*to++ = *text++;
	}
	*to = '\0';
}

__attribute__((format(printf, 3, 0))) static void
step_append(char *text, size_t size, const char *format, va_list list)
{
	size_t length = strlen(text);
	char all[1024];

	if (length > 0 && length < size - 1)
		text[length++] = ' ';
	vsnprintf(all, sizeof(all), format, list);
	step_shorten(all);
	snprintf(text + length, size - length, "%s", all);
	text_clean(text);
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

/* A few that the kernel keeps for itself get out, as ENOTSUPP by bpf(2). */
const char *step_error(const struct step *step)
{
	const char *name = strerrorname_np(step->error);

	return name ? name : "an error without a name";
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
