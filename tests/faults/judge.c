#include "tests/faults/judge.h"

#include <err.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "habits/cleanup.h"
#include "tests/faults/command.h"
#include "tests/faults/world.h"

const char *const verdict_names[VERDICTS] = {
	[UNREACHED] = "unreached", [DONE] = "done",       [NOTED] = "noted",
	[SAID] = "said",           [SILENT] = "silent",   [DOUBLE] = "double",
	[LESS] = "less",           [HARMED] = "harmed",   [LEFT] = "left",
	[HANGS] = "hangs",         [CRASHES] = "crashes",
};

/* The worst so far, and all that was found. */
struct finding {
	enum verdict verdict;
	FILE *why;
};

static void find(struct finding *finding, enum verdict verdict,
		 const char *format, ...) __attribute__((format(printf, 3, 4)));

static void find(struct finding *finding, enum verdict verdict,
		 const char *format, ...)
{
	va_list list;

	if (verdict > finding->verdict)
		finding->verdict = verdict;
	va_start(list, format);
	vfprintf(finding->why, format, list);
	va_end(list);
	fputs("; ", finding->why);
}

/* Lines that begin with the program's name, but for notes. */
static int judge_messages(const char *error, const char *name)
{
	size_t length = strlen(name);
	int count = 0;

	for (; *error; error += *error == '\n') {
		if (strncmp(error, name, length) == 0 &&
		    strncmp(error + length, ": ", 2) == 0 &&
		    strncmp(error + length + 2, "note: ", 6) != 0 &&
		    strncmp(error + length + 2, "debug: ", 7) != 0)
			count++;
		error += strcspn(error, "\n");
	}
	return count;
}

static void judge_success(struct judge *judge, struct finding *finding,
			  const char *error)
{
	struct lines now = scene_observe(&judge->scene);
	CLEANUP_FREE char *difference = lines_difference(&judge->whole, &now);

	lines_free(&now);
	if (!difference[0])
		return;
	find(finding, error[0] ? NOTED : LESS, "%s", difference);
}

static void judge_end(struct judge *judge, struct finding *finding,
		      const struct fault *fault, const struct outcome *outcome)
{
	CLEANUP_FREE char *error = text_of_file(OUT_ERROR);
	CLEANUP_FREE char *harm = NULL;
	int messages = judge_messages(error, judge->scene.name);
	bool has_failed = outcome->status != judge->scene.of->status;

	if (outcome->crash)
		find(finding, CRASHES, "signal %d", outcome->crash);
	if (outcome->status == -1)
		find(finding, HANGS, "%s", outcome->waiting);
	else if (!has_failed)
		judge_success(judge, finding, error);
	else if (messages == 0 && !(fault && fault->is_killed))
		find(finding, SILENT, "status %d", outcome->status);
	else
		find(finding, messages > 1 ? DOUBLE : SAID, "status %d",
		     outcome->status);
	if (error[0])
		find(finding, DONE, "it says \"%s\"", error);
	harm = scene_harm(&judge->scene, has_failed);
	if (harm[0])
		find(finding, HARMED, "%s", harm);
}

static bool judge_has_network(const struct judge *judge)
{
	return judge->scene.of->flags & NETWORK;
}

static void judge_rest(struct judge *judge, struct finding *finding)
{
	CLEANUP_FREE char *trouble = scene_finish(&judge->scene);
	CLEANUP_FREE char *left =
		left_since(&judge->host, judge_has_network(judge));

	if (trouble[0])
		find(finding, LEFT, "%s", trouble);
	if (left[0])
		find(finding, LEFT, "left: %s", left);
	if (trouble[0] || left[0])
		left_remove(&judge->host, judge_has_network(judge));
}

struct judgement judge_fault(struct judge *judge, const struct fault *fault,
			     struct outcome *outcome)
{
	struct finding finding = { .verdict = DONE };
	struct judgement judgement = { 0 };
	size_t size;

	finding.why = open_memstream(&judgement.why, &size);
	if (!finding.why)
		err(1, "memory");
	scene_prepare(&judge->scene);
	scene_run(&judge->scene, fault, -1, outcome);
	judge_end(judge, &finding, fault, outcome);
	judge_rest(judge, &finding);
	fclose(finding.why);
	text_one_line(judgement.why);
	judgement.verdict = finding.verdict;
	if (!outcome->is_hit && finding.verdict == DONE)
		judgement.verdict = UNREACHED;
	return judgement;
}

/* Without a fault, with a list of the calls: what it is like. */
static int judge_whole(struct judge *judge, int list)
{
	CLEANUP_FREE char *trouble = NULL;
	CLEANUP_FREE char *error = NULL;
	struct outcome outcome;

	scene_prepare(&judge->scene);
	scene_run(&judge->scene, NULL, list, &outcome);
	judge->whole = scene_observe(&judge->scene);
	error = text_of_file(OUT_ERROR);
	trouble = scene_finish(&judge->scene);
	if (outcome.status == judge->scene.of->status && !trouble[0])
		return 0;
	warnx("%s, without a fault: status %d: %s %s%s", judge->scene.of->name,
	      outcome.status, error, trouble, outcome.waiting);
	return -1;
}

/*
 * The first run makes what stays (places of mounts in the image, modules of
 * the kernel); the second is what it is like; the third has to be the same.
 */
int judge_init(struct judge *judge, const struct fault_case *of, int list)
{
	struct judgement again;
	struct outcome outcome;
	int result;

	memset(judge, 0, sizeof(*judge));
	scene_init(&judge->scene, of);
	if (judge_whole(judge, -1) < 0)
		return -1;
	lines_free(&judge->whole);
	judge->host = left_look(judge_has_network(judge));
	if (judge_whole(judge, list) < 0)
		return -1;
	again = judge_fault(judge, NULL, &outcome);
	result = again.verdict <= NOTED ? 0 : -1;
	if (result < 0)
		warnx("%s, without a fault, twice: %s", of->name, again.why);
	free(again.why);
	return result;
}
