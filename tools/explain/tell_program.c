/* execve(2): a process becomes another program; ptrace(2): it is looked into. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>

#include "tools/explain/task.h"
#include "tools/explain/tell.h"
#include "tools/explain/text.h"
#include "tools/explain/unseen.h"

#define WORDS_SHOWN 4
#define WORD_SHOWN  24

/* A word of its command line; false: there is none. */
static bool tell_word(const struct call *call, int words, int i,
		      char text[CALL_TEXT])
{
	uintptr_t word;

	if (call_read(call, call->argument[words] + (uint64_t)i * sizeof(word),
		      &word, sizeof(word)) < 0 ||
	    !word)
		return false;
	call_read_text(call, word, text, CALL_TEXT);
	return true;
}

/*
 * Who looks for a name in PATH says the name as the first word.  One that is
 * given as a path is looked for nowhere else.
 */
static bool tell_is_path(const struct call *call, int path, int words)
{
	char file[CALL_TEXT], word[CALL_TEXT];

	call_text(call, path, file);
	return strchr(file, '/') && tell_word(call, words, 0, word) &&
	       strcmp(file, word) == 0;
}

/* Its file's name, and the first of its words. */
static void tell_program(struct call *call, int path, int words)
{
	char text[CALL_TEXT], *name;

	call_path(call, path > 0 ? 0 : -1, path, text);
	if (strcmp(text, "/") == 0) /* a file that is mounted nowhere */
		tell_word(call, words, 0, text);
	name = strrchr(text, '/');
	step_is(&call->step,
		tell_is_path(call, path, words) ? "exec.path" : "exec");
	step_what(&call->step, "%s", name && name[1] ? name + 1 : text);
	for (int i = 1; i <= WORDS_SHOWN && tell_word(call, words, i, text);
	     i++)
		step_what(&call->step, "%.*s%s",
			  i < WORDS_SHOWN ? text_fits(text, WORD_SHOWN) : 0,
			  text,
			  strlen(text) > WORD_SHOWN || i == WORDS_SHOWN ? "..."
									: "");
}

void tell_exec(struct call *call)
{
	tell_program(call, 0, 1);
}

/* Where it was found matters no more. */
void tell_exec_ended(struct call *call)
{
	if (call->result == 0)
		snprintf(call->step.kind, sizeof(call->step.kind), "exec");
}

void tell_execat(struct call *call)
{
	tell_program(call, 1, 2);
}

/* Of a joined process all calls are looked at, also by whom it is traced. */
void tell_ptrace(struct call *call)
{
	int request = call_fd(call, 0), pid = call_fd(call, 1);
	bool is_me = request == PTRACE_TRACEME;

	if (!is_me && request != PTRACE_ATTACH && request != PTRACE_SEIZE)
		return;
	step_is(&call->step,
		is_me || task_find(pid) ? "ptrace.ours" : "ptrace");
	if (is_me)
		step_what(&call->step, "itself, by its parent");
	else
		step_what(&call->step, "%d", pid);
}

void tell_ptrace_ended(struct call *call)
{
	if (call->result == -EPERM &&
	    strcmp(call->step.kind, "ptrace.ours") == 0)
		unseen_note(UNSEEN_TRACED);
}
