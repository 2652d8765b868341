#include "tests/faults/scene.h"

#include <err.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "tests/faults/command.h"
#include "tests/faults/observe.h"
#include "tests/faults/world.h"

#define SECONDS 20

void scene_init(struct scene *scene, const struct fault_case *of)
{
	memset(scene, 0, sizeof(*scene));
	scene->of = of;
	scene->program = command_path(of->program);
	scene->name = strrchr(scene->program, '/') + 1;
	if (of->before != NOTHING)
		world_configure(scene->program, of->file, of->patch,
				of->flags & STAYS ? "stay" : "say");
}

static void scene_must(int status, const char *what)
{
	CLEANUP_FREE char *said = NULL;

	if (status == 0)
		return;
	said = text_of_file(OUT_TROUBLE);
	errx(1, "before the fault: %s: status %d: %s", what, status, said);
}

void scene_prepare(struct scene *scene)
{
	enum before before = scene->of->before;

	if (before >= CREATED) {
		scene_must(RUNTIME_RUN(OUT_BOX, "create", "--bundle",
				       WORLD_BUNDLE, WORLD_ID),
			   "create");
		scene->pid = command_state().pid;
		/* 0 would be all of us, for kill(2). */
		scene_must(scene->pid > 0 ? 0 : 1, "state");
	}
	if (before >= RUNNING) {
		scene_must(RUNTIME_RUN(OUT_COMMAND, "start", WORLD_ID),
			   "start");
		free(observe_speech(OUT_BOX));
	}
	if (before == PAUSED)
		scene_must(RUNTIME_RUN(OUT_COMMAND, "pause", WORLD_ID),
			   "pause");
	if (before == STOPPED) {
		kill(scene->pid, SIGKILL);
		observe_end(scene->pid);
	}
	unlink(WORLD_HOOKS);
	lines_free(&scene->kept);
	if (scene->of->flags & SURVIVES)
		observe_limits(&scene->kept);
}

void scene_run(struct scene *scene, const struct fault *fault, int list,
	       struct outcome *outcome)
{
	CLEANUP_CLOSE int in = open("/dev/null", O_RDONLY | O_CLOEXEC);
	CLEANUP_CLOSE int out = command_output(OUT_SAID);
	CLEANUP_CLOSE int error = command_output(OUT_ERROR);
	const char *words[48] = { scene->program };
	struct order order = {
		.words = words,
		.program = scene->program,
		.in = in,
		.out = out,
		.err = error,
		.attached = scene->of->before == CREATED ? scene->pid : 0,
		.fault = fault,
		.list = list,
		.seconds = scene->of->seconds ? scene->of->seconds : SECONDS,
	};

	for (int i = 0; scene->of->words[i]; i++)
		words[i + 1] = scene->of->words[i];
	if (tracer_run(&order, outcome) < 0)
		errx(1, "%s cannot be traced", scene->program);
}

struct lines scene_observe(const struct scene *scene)
{
	const struct fault_case *of = scene->of;
	struct lines lines = { 0 };
	const char *speech = of->before == CREATED ? OUT_BOX : OUT_SAID;
	char *text = of->flags & SPEAKS ? observe_speech(speech)
					: text_of_file(OUT_SAID);

	observe_neutral(text, scene->name, of->flags & NUMBERS);
	lines_add_text(&lines, text);
	free(text);
	if (of->flags & ENDS)
		observe_end(scene->pid);
	text = text_of_file(WORLD_HOOKS);
	lines_add_text(&lines, text);
	free(text);
	if (of->before != NOTHING) {
		observe_box(&lines);
		observe_limits(&lines);
	}
	lines_sort(&lines);
	return lines;
}

/* Only its first process, after a moment. */
static bool scene_is_alone(void)
{
	int others = 0;

	for (int i = 0; i < 200; i++) {
		others = observe_others();
		if (others == 0)
			return true;
		poll(NULL, 0, 10);
	}
	return false;
}

char *scene_harm(struct scene *scene, bool has_failed)
{
	CLEANUP_FREE char *limits = NULL;
	struct lines now = { 0 };
	struct box box = command_state();

	if (!(scene->of->flags & SURVIVES))
		return text_format("%s", "");
	if (strcmp(box.status, "paused") == 0) {
		RUNTIME_RUN(OUT_COMMAND, "resume", WORLD_ID);
		box = command_state();
	}
	if (strcmp(box.status, "running") != 0 || box.pid != scene->pid)
		return text_format("the container is \"%s\"", box.status);
	if (!scene_is_alone())
		return text_format("a process is left in the container");
	if (!has_failed)
		return text_format("%s", "");
	observe_limits(&now);
	limits = lines_difference(&scene->kept, &now);
	lines_free(&now);
	return text_format("%s%s", limits[0] ? "its limits: " : "", limits);
}

char *scene_finish(struct scene *scene)
{
	CLEANUP_FREE char *clean = command_path("clean");
	CLEANUP_FREE char *said = NULL;
	int status;

	if (scene->of->before == NOTHING)
		status = command_run(OUT_COMMAND,
				     (const char *const[]){ clean, NULL });
	else
		status =
			RUNTIME_RUN(OUT_COMMAND, "delete", "--force", WORLD_ID);
	said = text_of_file(OUT_TROUBLE);
	unlink(WORLD_HOOKS);
	unlink(WORLD_PIDFILE);
	unlink(OUT_BOX);
	if (status == 0)
		return text_format("%s", "");
	return text_format("%s: status %d: %s",
			   scene->of->before == NOTHING ? "clean"
							: "delete --force",
			   status, said);
}
