/*
 * Text of somebody else, on our terminal: nothing in it may command one, or
 * break a line or a column.
 */
#pragma once

#include <stddef.h>
#include <stdio.h>

/* First of all: characters are UTF-8 if the locale says so, or else ASCII. */
void text_begin(void);

/*
 * In its place: what is not to be shown becomes "?", the end of a line a blank.
 * A part of a character at the end, where the text was cut, goes.
 */
void text_clean(char *text);

/* How many columns it takes. */
int text_width(const char *text);

/* How many of its bytes are whole characters in this room of bytes, columns. */
int text_fits(const char *text, size_t bytes);
int text_fits_columns(const char *text, int columns);

/* Print it, and blanks up to this column. */
void text_pad(FILE *out, const char *text, int columns);
