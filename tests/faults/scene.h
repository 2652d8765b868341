/*
 * One fault, from the container as it has to be when the verb comes to what is
 * there afterwards.
 */
#pragma once

#include "tests/faults/cases.h"
#include "tests/faults/text.h"
#include "tests/faults/tracer.h"

struct scene {
	const struct fault_case *of;
	char *program;     /* its path */
	const char *name;  /* as its messages begin */
	pid_t pid;         /* the container's, if it was made before */
	struct lines kept; /* its limits then */
};

void scene_init(struct scene *scene, const struct fault_case *of);
void scene_prepare(struct scene *scene);

/* Run what is tested, with the fault (NULL: none). */
void scene_run(struct scene *scene, const struct fault *fault, int list,
	       struct outcome *outcome);

/* All that the caller, the container and its group have now. */
struct lines scene_observe(const struct scene *scene);

/*
 * How a container that shall run on has changed: new text, or "".  A verb that
 * `has_failed` has changed no limit either.
 */
char *scene_harm(struct scene *scene, bool has_failed);

/* Delete it by force, or have `clean` do it: new text, "" if that went well. */
char *scene_finish(struct scene *scene);
