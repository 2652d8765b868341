/* --follow: each step is told as it is made. */
#pragma once

#include "tools/explain/print.h"

struct follow {
	struct follower follower; /* the story's */
	FILE *out;
	const struct chapters *chapters;
	bool is_json;
	char before[WHO_SIZE];
	size_t root_count; /* how many roots are told */
};

void follow_begin(struct follow *follow, struct story *story);
