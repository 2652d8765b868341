/* One object a line, JSON Lines: README.md says what its members are. */
#include <string.h>

#include "tools/explain/print.h"
#include "tools/explain/unseen.h"

/* What is no character has been cleaned away: quotes are left. */
static void json_text(FILE *out, const char *key, const char *text)
{
	fprintf(out, "\"%s\":\"", key);
	for (; *text; text++)
		if (*text == '"' || *text == '\\')
			fprintf(out, "\\%c", *text);
		else
			putc(*text, out);
	putc('"', out);
}

static void json_chapters(FILE *out, const struct step *step)
{
	const char *at = step->chapters;

	fputs("\"chapters\":[", out);
	while (*at) {
		size_t length = strcspn(at, " ");

		fprintf(out, "%s\"%.*s\"", at == step->chapters ? "" : ",",
			(int)length, at);
		at += length + (at[length] == ' ');
	}
	putc(']', out);
}

static void json_process(FILE *out, const struct step *step)
{
	const struct process *process = step->process;

	fprintf(out, "\"pid\":%d,\"inside\":%d,", process->pid,
		process->inside ? process->inside : process->pid);
	json_text(out, "name", step->name);
}

void print_json_step(FILE *out, const struct story *story,
		     const struct step *step)
{
	char what[WHAT_SIZE], words[WORDS_SIZE];

	story_what(story, step, what);
	story_words(step, words);
	putc('{', out);
	json_process(out, step);
	putc(',', out);
	json_text(out, "call", step->call);
	putc(',', out);
	json_text(out, "kind", step->kind);
	putc(',', out);
	json_chapters(out, step);
	putc(',', out);
	json_text(out, "what", what);
	putc(',', out);
	json_text(out, "words", words);
	fprintf(out, ",\"count\":%u,\"error\":", step->count);
	if (step->error)
		fprintf(out, "\"%s\"", step_error(step));
	else
		fputs("null", out);
	if (step->child)
		fprintf(out, ",\"child\":%d", step->child->pid);
	fputs("}\n", out);
}

void print_json(FILE *out, const struct story *story,
		const struct chapters *chapters)
{
	const char *sentence, *between = "";
	int at = 0;

	for (size_t i = 0; i < story->count; i++)
		if (story_tells(story->steps[i], chapters))
			print_json_step(out, story, story->steps[i]);
	fprintf(out, "{\"status\":%d,\"unseen\":[", story->status);
	while ((sentence = unseen_next(&at))) {
		fprintf(out, "%s\"%s\"", between, sentence);
		between = ",";
	}
	fputs("]}\n", out);
}
