/* What this tool cannot see: it says so, at the end of the story. */
#pragma once

#include <stdio.h>

enum unseen {
	UNSEEN_FILTER,   /* a filter of the container refuses calls */
	UNSEEN_OTHER,    /* a program for another processor */
	UNSEEN_RING,     /* requests by io_uring */
	UNSEEN_TRACED,   /* that we are in the way of another tracer */
	UNSEEN_RIGHTS,   /* setuid programs, where we are not root */
	UNSEEN_ATTACHED, /* what was there before we came */
	UNSEEN_LOST,     /* no memory for it */
	UNSEEN_LONG,     /* too many steps */
	UNSEEN_COUNT
};

void unseen_note(enum unseen what);

/* The sentences; NULL after the last. */
const char *unseen_next(int *at);
