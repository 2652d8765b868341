/*
 * A character is of one to four bytes, and takes no column (an accent), one, or
 * two (Hangul).  The C library knows it of the locale's characters: mbrtowc(3),
 * iswprint(3), wcwidth(3).
 *
 * What takes no column and is no part of a word can turn the direction of
 * writing, or hide: then a path would not be what it looks like.
 */
#include "tools/explain/text.h"

#include <langinfo.h>
#include <locale.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

#define ACCENTS_FIRST 0x300 /* those that are put over any letter */
#define ACCENTS_LAST  0x36f

void text_begin(void)
{
	if (setlocale(LC_CTYPE, "") &&
	    strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		setlocale(LC_CTYPE, "C");
}

/*
 * The length of the next character; *c is 0 if these bytes are none.  0: the
 * text ends, maybe inside of one.
 */
static size_t text_next(const char *text, wchar_t *c)
{
	mbstate_t state = { 0 };
	size_t length = mbrtowc(c, text, strnlen(text, MB_CUR_MAX), &state);

	if (length == (size_t)-2)
		return 0;
	if (length == (size_t)-1) {
		*c = 0;
		return 1;
	}
	return length;
}

static bool text_is_shown(wchar_t c)
{
	return iswprint((wint_t)c) &&
	       (wcwidth(c) > 0 || iswalpha((wint_t)c) ||
		(c >= ACCENTS_FIRST && c <= ACCENTS_LAST));
}

void text_clean(char *text)
{
	char *to = text;
	size_t length;
	wchar_t c;

	for (; *text && (length = text_next(text, &c)) > 0; text += length) {
		if (text_is_shown(c)) {
			memmove(to, text, length);
			to += length;
		} else {
			*to++ = *text == '\n' || *text == '\t' ? ' ' : '?';
		}
	}
	*to = '\0';
}

/* As far as one of the two rooms goes; what is there may be no character. */
static int text_measure(const char *text, size_t bytes, int columns, int *width)
{
	size_t at = 0, length;
	wchar_t c;
	int wide;

	*width = 0;
	while (text[at] && (length = text_next(text + at, &c)) > 0) {
		wide = wcwidth(c) < 0 ? 1 : wcwidth(c);
		if (at + length > bytes || *width + wide > columns)
			break;
		at += length;
		*width += wide;
	}
	return (int)at;
}

int text_width(const char *text)
{
	int width;

	text_measure(text, strlen(text), (int)strlen(text), &width);
	return width;
}

int text_fits(const char *text, size_t bytes)
{
	int width;

	return text_measure(text, bytes, (int)bytes, &width);
}

int text_fits_columns(const char *text, int columns)
{
	int width;

	return text_measure(text, strlen(text), columns, &width);
}

void text_pad(FILE *out, const char *text, int columns)
{
	int width = text_width(text);

	fprintf(out, "%s%*s", text, columns > width ? columns - width : 0, "");
}
