/* execve(2): a process becomes another program. */
#include <stdio.h>
#include <string.h>

#include "tools/explain/tell.h"

#define WORDS_SHOWN 4

/* Its file's name, and the first of its words. */
static void tell_program(struct call *call, int path, int words)
{
	char text[CALL_TEXT], *name;
	uintptr_t word;

	call_path(call, path > 0 ? 0 : -1, path, text);
	name = strrchr(text, '/');
	step_is(&call->step, "exec");
	step_what(&call->step, "%s", name && name[1] ? name + 1 : text);
	for (int i = 1; i <= WORDS_SHOWN; i++) {
		if (call_read(call,
			      call->argument[words] +
				      (uint64_t)i * sizeof(word),
			      &word, sizeof(word)) < 0 ||
		    !word)
			return;
		call_read_text(call, word, text, CALL_TEXT);
		step_what(&call->step, "%.24s%s",
			  i < WORDS_SHOWN ? text : "...",
			  strlen(text) > 24 && i < WORDS_SHOWN ? "..." : "");
	}
}

void tell_exec(struct call *call)
{
	tell_program(call, 0, 1);
}

void tell_execat(struct call *call)
{
	tell_program(call, 1, 2);
}
