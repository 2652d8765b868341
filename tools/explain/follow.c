/*
 * A story that is told at its end counts what is repeated, and its columns fit.
 * This one is for programs that go on for long, and for daemons; and what has
 * been told is there even if we are killed.
 */
#include "tools/explain/follow.h"

#include <stddef.h>

static void follow_tell(struct follower *follower, const struct story *story,
			const struct step *step)
{
	struct follow *follow = (struct follow *)follower;

	if (!story_tells(step, follow->chapters))
		return;
	for (; follow->root_count < story->root_count; follow->root_count++)
		if (!follow->is_json)
			fprintf(follow->out, "ROOT is %s\n",
				story->roots[follow->root_count]);
	if (follow->is_json)
		print_json_step(follow->out, story, step);
	else
		print_text_step(follow->out, story, step, follow->before);
	fflush(follow->out);
}

void follow_begin(struct follow *follow, struct story *story)
{
	follow->follower.tell = follow_tell;
	story->follower = &follow->follower;
}
