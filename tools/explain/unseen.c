/*
 * A story that leaves something out without a word would be wrong.
 */
#include "tools/explain/unseen.h"

#include <stdbool.h>
#include <stddef.h>

static const char *const sentences[UNSEEN_COUNT] = {
	[UNSEEN_FILTER] = "a filter was loaded: calls that it refuses are not "
			  "seen after it",
	[UNSEEN_OTHER] = "a program for another processor was run (32 bits?): "
			 "its calls are not seen, only its children are",
	[UNSEEN_RING] = "io_uring was set up: what is asked by it is not seen",
	[UNSEEN_TRACED] = "it would have traced a process, as debuggers do: "
			  "one that is explained has its tracer already",
	[UNSEEN_RIGHTS] = "without root, setuid programs have no rights while "
			  "they are explained: sudo sees them as they are",
	[UNSEEN_ATTACHED] = "what it had done before, and what its children "
			    "from before do, is not seen",
	[UNSEEN_LOST] = "memory ran out: steps are missing",
	[UNSEEN_LONG] = "after 30000 steps no more are told",
};

static bool is_noted[UNSEEN_COUNT];

void unseen_note(enum unseen what)
{
	is_noted[what] = true;
}

const char *unseen_next(int *at)
{
	while (*at < UNSEEN_COUNT && !is_noted[*at])
		++*at;
	return *at < UNSEEN_COUNT ? sentences[(*at)++] : NULL;
}
