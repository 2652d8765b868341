/*
 * The properties of a unit of systemd, as words for busctl(1).
 *
 * Each is a name, the type of its value in D-Bus's notation, and the value:
 * "MemoryMax t 67108864".  What systemd knows as a property it writes itself,
 * again after each daemon-reload; what it does not know it leaves alone.
 */
#pragma once

#include <jansson.h>

#include "10-full-container/resources.h"

struct properties {
	char **words; /* ends with NULL */
	size_t count; /* of words */
	size_t number;
	bool is_incomplete; /* there was no memory for a word */
};

/* One word more, made like printf(3) makes it. */
void properties_word(struct properties *properties, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* A property with a simple value, "t" or "s" or "b". */
void properties_add(struct properties *properties, const char *name,
		    const char *type, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* Those limits that systemd has properties for. */
void properties_add_limits(struct properties *properties,
			   const struct resources *resources);

#define ANNOTATION_PROPERTY "org.systemd.property."

/* What annotations whose names begin so say.  -1 after a message. */
int properties_add_annotations(struct properties *properties,
			       const json_t *annotations);

void properties_free(struct properties *properties);
