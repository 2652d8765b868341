/*
 * What was found, kept in CASE.KEY.tsv, so that an interrupted
 * run goes on where it was.  The key is made of the program: of another one,
 * nothing is known.
 */
#pragma once

#include <stdbool.h>

#include "tests/faults/judge.h"
#include "tests/faults/text.h"

struct results {
	int fd;
	struct lines known; /* "PASS PROCESS:CALL#N", sorted */
};

/* Those of other programs are removed. */
void results_open(struct results *results, const char *directory,
		  const char *name, const char *program);
void results_close(struct results *results);

/* How many there are to try, in CASE.plan. */
void results_plan(const char *directory, const char *name, size_t count);

bool results_have(const struct results *results, const char *pass,
		  const char *address);
void results_add(struct results *results, const char *pass, const char *address,
		 const struct fault *fault, const struct outcome *outcome,
		 const struct judgement *judgement);
