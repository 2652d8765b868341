/*
 * The properties of a unit of systemd, as words for busctl(1).
 *
 * Each is a name, the type of its value in D-Bus's notation, and the value:
 * "MemoryMax t 67108864".  What systemd knows as a property it writes itself,
 * again after each daemon-reload; what it does not know it leaves alone.
 */
#pragma once

#include <jansson.h>

#include "10-full-container/group/limits_read.h"

struct systemd_words {
	char **words; /* ends with NULL */
	size_t count; /* of words */
	size_t number;
	bool is_incomplete; /* there was no memory for a word */
};

/* One word more, made like printf(3) makes it. */
void systemd_words_word(struct systemd_words *properties, const char *format,
			...) __attribute__((format(printf, 2, 3)));

/* A property with a simple value, "t" or "s" or "b". */
void systemd_words_add(struct systemd_words *properties, const char *name,
		       const char *type, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* Those limits that systemd has properties for. */
void systemd_words_add_limits(struct systemd_words *properties,
			      const struct limits *resources);

#define ANNOTATION_PROPERTY "org.systemd.property."

/* What annotations whose names begin so say.  -1 after a message. */
int systemd_words_add_annotations(struct systemd_words *properties,
				  const json_t *annotations);

void systemd_words_free(struct systemd_words *properties);
