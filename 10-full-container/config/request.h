/* What an engine, or a person, wants of a verb. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "10-full-container/last_stage.h"

#define REQUEST_LIST_MAX 64

/* An option that may be given several times. */
struct request_list {
	const char *items[REQUEST_LIST_MAX + 1]; /* ends with NULL */
	size_t count;
};

/* All that any verb can be told; each verb's options fill a part of it. */
struct request {
	/* before the verb */
	const char *root; /* where states are kept: see state.h */
	const char *log;
	bool log_json, debug, version;
	bool systemd;        /* has it make the groups: life/maker.h */
	const char *manager; /* the same by name, or "disabled"; or NULL */
	bool needs_group;    /* --rootless false */

	/* after it */
	const char *id;
	char **words; /* what follows the id; ends with NULL */
	const char *bundle, *config, *pid_file, *console_socket, *pidfd_socket;
	bool no_pivot, detach, keep, force, all, quiet, json, keeps_keyring;
	unsigned int preserve_fds;

	/* exec: what differs from the container's own process */
	const char *process, *cwd, *user, *cgroup, *apparmor, *label;
	struct request_list env, caps, gids;
	bool tty, no_new_privs, ignore_paused;

	bool stats;         /* events: once */
	long long interval; /* ... or all so many nanoseconds; 0: 5 s */

	/* update: linux.resources, from a file or put together from options */
	const char *limits_file;
	json_t *resources;

	struct last_stage stages; /* spec: the options of a stage */
	bool for_user;            /* spec: --rootless */
	bool is_bare;             /* spec: none of all these */
};

/* Before any verb; of create and run; of these two and exec. */
extern const struct option_entry request_options[], request_bundle_options[],
	request_process_options[];

option_parse request_parse_list;   /* one more of a struct request_list */
option_parse request_parse_format; /* bool: json, not a table */
