/* One line of the story: who did what, and which chapter has it. */
#pragma once

#include <stddef.h>

#include "tools/explain/process.h"

#define WHAT_SIZE  224
#define WORDS_SIZE 256

struct step {
	struct process *process;
	char name[NAME_SIZE]; /* what the process was called then */
	const char *call;     /* "clone3" */
	char kind[96];        /* a key of kinds.c; "": not a step */
	char chapters[32];
	char what[WHAT_SIZE]; /* on what, and how */
	char words[WORDS_SIZE];
	int error; /* 0: it was done */
	unsigned int count;
	bool is_last;          /* of a process that is no more */
	struct process *child; /* whom it has made */
};

/* It is a step of this kind, with what its row says. */
void step_is(struct step *step, const char *key);

/* Append to what it is done on; to its words; with a blank before. */
void step_what(struct step *step, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void step_words(struct step *step, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Long numbers in hexadecimal become "ID". */
void step_shorten(char *text);

/* The name of its errno. */
const char *step_error(const struct step *step);

/* A chapter more, if it is not among them. */
void step_chapter(struct step *step, const char *chapter);
