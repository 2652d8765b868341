/*
 * Programs that the engine wants to have run at certain moments.
 *
 * Docker connects a container's network this way.  A hook learns which
 * container it is about from its standard input: the state, as JSON.
 */
#pragma once

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

/* As config.json calls them. */
extern const char *const hook_names[HOOK_KINDS + 1];

/*
 * Run them in order, each until it ends; `state` is JSON text.  A failure ends
 * it, but for poststop: -1 after a message.  `hooks` may be NULL.
 */
int hooks_run(const struct hook *hooks, enum hook_kind kind, const char *state);

void hooks_free(struct hook *hooks);
