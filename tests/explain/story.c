#include "tests/explain/story.h"

#include <stdio.h>
#include <string.h>

#include "tests/runner/helpers.h"
#include "tests/runner/run.h"

#define WORDS_MAX 32

char *story_kinds_in(const char *json)
{
	char *all = text("%s", "");
	const char *end;

	for (const char *at = json; (at = strstr(at, "\"kind\":\""));
	     at = end) {
		at += strlen("\"kind\":\"");
		end = strchr(at, '"');
		ck_assert_ptr_nonnull(end);
		all = text("%s%s%s%.*s", all, all[0] ? "; " : "",
			   has(text("%.*s", (int)strcspn(end, "\n"), end),
			       "\"error\":\"")
				   ? "!"
				   : "",
			   (int)(end - at), at);
	}
	return all;
}

char *story_kinds(int chapter, const char *const words[])
{
	const char *line[WORDS_MAX] = { "--json" };
	struct result *r;
	int count = 1;

	if (chapter) {
		line[count++] = "--since";
		line[count++] = text("%d", chapter);
		line[count++] = "--until";
		line[count++] = text("%d", chapter);
	}
	while (*words && count < WORDS_MAX - 1)
		line[count++] = *words++;
	r = run(NULL, line);
	ck_assert_msg(r->status == 0, "status %d: %s", r->status, r->err);
	return story_kinds_in(r->err);
}
