/* Was that right?  One fault, and what came of it. */
#pragma once

#include "tests/faults/left.h"
#include "tests/faults/scene.h"

/* From right to wrong; the last that applies is it. */
enum verdict {
	UNREACHED, /* the call was not made this time */
	DONE,      /* the work is done all the same */
	NOTED,     /* ... but for what a message names */
	SAID,      /* one message, and a status that says failure */
	SILENT,    /* that status, and no message */
	DOUBLE,    /* more than one */
	LESS,      /* success, with less than was asked */
	HARMED,    /* the container that ran is not as it was */
	LEFT,      /* something is left, after `delete --force` */
	HANGS,
	CRASHES,
	VERDICTS,
};

extern const char *const verdict_names[VERDICTS];

struct judgement {
	enum verdict verdict;
	char *why; /* one line: messages, differences */
};

struct judge {
	struct scene scene;
	struct lines host;  /* before */
	struct lines whole; /* what is there when nothing fails */
};

/* 0, or -1: two runs without a fault differ, or leave something. */
int judge_init(struct judge *judge, const struct fault_case *of, int list);

/* Try that fault.  judgement->why is for the caller to free. */
struct judgement judge_fault(struct judge *judge, const struct fault *fault,
			     struct outcome *outcome);
