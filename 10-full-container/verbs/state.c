/*
 * state: how a container is.
 *
 * What engines ask most often, and the specification's only query.  It takes
 * no lock: an answer is old as soon as it is printed, whoever held what.
 */
#include <stdio.h>

#include "habits/cleanup.h"
#include "10-full-container/life/command.h"
#include "10-full-container/life/status.h"

int command_state(const struct request *request, const struct state *state)
{
	CLEANUP_FREE char *text = NULL;
	enum status status;

	(void)request;
	if (status_of(state, &status) == 0)
		text = status_describe(state, status);
	if (!text)
		return -1;
	puts(text);
	return 0;
}
