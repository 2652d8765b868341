/*
 * What each test said, for programs to read: a line in the file that RESULTS,
 * in the environment, names.
 */
#pragma once

struct said {
	const char *verdict; /* "pass", "FAIL", "skip" or "n/a" */
	const char *part;    /* "core" or "rest" */
	const char *stage, *name;
	double seconds;
	const char *place, *message;
};

/* Before the first test: no program that is judged learns of the file. */
void results_begin(void);

void results_add(const struct said *said);
