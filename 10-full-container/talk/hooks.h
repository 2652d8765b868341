/*
 * Programs that the engine wants to have run at certain moments.
 *
 * Docker connects a container's network this way.  A hook learns which
 * container it is about from its standard input: the state, as JSON.
 */
#pragma once

#include "10-full-container/guard/member.h"

enum hook_kind {
	HOOK_PRESTART,
	HOOK_CREATE_RUNTIME,
	HOOK_CREATE_CONTAINER,
	HOOK_START_CONTAINER,
	HOOK_POSTSTART,
	HOOK_POSTSTOP,
	HOOK_KINDS,
};

struct hook {
	const char *path; /* NULL ends a list */
	char **args, **env;
	int timeout; /* in seconds; 0: none */
};

/* What hooks of a kind find, for which config.json has no word. */
struct hook_place {
	enum hook_kind kind;
	const char *state; /* JSON text, for their standard input */
	int directory;     /* where they run; -1: where we are */
	char **env;        /* of one whose `env` is missing */
};

/* As config.json calls them. */
extern const char *const hook_names[HOOK_KINDS + 1];

/*
 * Run them in order, each until it ends.  A failure ends it, but for poststop:
 * -1 after a message.  `hooks` may be NULL.
 */
int hooks_run(const struct hook *hooks, const struct hook_place *place);

member_read hooks_read; /* struct hook *[HOOK_KINDS]: a list of each, or NULL */
void hooks_free(struct hook *hooks);
