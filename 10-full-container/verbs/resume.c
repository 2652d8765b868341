/* resume: the freezer of the container's group lets go.  See pause.c. */
#include "habits/error.h"
#include "10-full-container/group/group.h"
#include "10-full-container/life/container.h"

int command_resume(const struct request *request, const struct state *state)
{
	enum status status;

	(void)request;
	if (status_of(state, &status) < 0)
		return -1;
	if (status != STATUS_PAUSED)
		return error_input("only what is paused can be resumed",
				   "resume: container not paused: %s is %s",
				   state->id, status_name(status));
	return group_freeze(state, false);
}
