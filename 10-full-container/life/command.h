/*
 * The verbs of an OCI runtime, as a table.
 *
 * An engine (podman, containerd, Docker) never links a runtime: it runs it,
 * once for each step of a container's life, and reads the exit status.  What
 * the verbs and their options are called is therefore the interface; each
 * verb is a file of its own.
 */
#pragma once

#include "habits/options.h"
#include "10-full-container/config/request.h"
#include "10-full-container/talk/state.h"

enum command_flags {
	NEEDS_ID = 1,      /* as the first word after the options */
	TAKES_OPTIONS = 2, /* those of a stage as well */
	IS_INSIDE = 4,     /* this program runs in the container for a while */
	TAKES_WORD = 8,    /* one, after the id */
	TAKES_WORDS = 16,  /* any number */
	LOCKS = 32,        /* the state: others wait meanwhile */
};

#define COMMAND_TABLES 4

struct command {
	const char *name;
	const char *usage; /* what follows the name on the command line */
	const char *summary;
	/* fill a struct request; the last one is NULL */
	const struct option_entry *options[COMMAND_TABLES];
	unsigned int flags;
	int (*run)(struct request *request); /* returns the exit status */
	/* or, with the state open: 0, or -1 after a message */
	int (*act)(const struct request *request, const struct state *state);
};

#define EXIT_OCI  1   /* what an engine expects of a verb that failed */
#define EXIT_EXEC 255 /* ... of exec, whose 1 is mostly its command's */

extern const struct option_entry delete_options[], events_options[],
	exec_options[], kill_options[], list_options[], run_options[],
	ps_options[], spec_options[], update_options[];

int command_create(struct request *request);
int command_delete(struct request *request);
int command_exec(struct request *request);
int command_features(struct request *request);
int command_kill(struct request *request);
int command_list(struct request *request);
int command_run(struct request *request);
int command_spec(struct request *request);
int command_start(struct request *request);
int command_update(struct request *request);

int command_events(const struct request *request, const struct state *state);
int command_pause(const struct request *request, const struct state *state);
int command_ps(const struct request *request, const struct state *state);
int command_resume(const struct request *request, const struct state *state);
int command_state(const struct request *request, const struct state *state);
