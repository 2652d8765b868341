/*
 * What a process is, apart from where it lives: who it runs as, what it may
 * do, its limits and its program.  The container's first process and those
 * of `exec` take the same steps; each takes away what no later one needs.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "07-caps/caps_sets.h"
#include "09-seccomp/beyond/lsm.h"
#include "10-full-container/process/filter.h"
#include "10-full-container/process/memory_policy.h"
#include "10-full-container/process/personality.h"
#include "10-full-container/process/rlimits.h"
#include "10-full-container/process/schedule.h"

struct process_user {
	uid_t uid;
	gid_t gid;
	const gid_t *groups; /* the only further groups; usually none */
	size_t group_count;
};

struct process {
	char **args, **env; /* end with NULL; args is NULL: no process */
	const char *cwd;
	struct process_user user;
	bool no_new_privs;
	mode_t umask;
#define NO_UMASK ((mode_t)-1) /* as it comes */
	struct caps_sets caps;
	struct lsm lsm;
	struct rlimits limits;
	struct schedule schedule;
	bool has_oom_score;
	int oom_score_adj;
	bool terminal, is_piped; /* whose output goes to no terminal */
	bool says_last;          /* SYNC_EXEC, before it could be forbidden */
	uint16_t rows, columns;  /* 0: as it comes */
	unsigned int preserve_fds;
};
void process_free(struct process *process);

/* While /proc is the host's: the out-of-memory score, files for lsm.h. */
int process_use_proc(struct process *process);
int process_set_oom_score(const struct process *process, pid_t pid); /* or 0 */

/* In the root: enter cwd, find the program.  -1 after a message, and errno. */
int process_enter(const struct process *process);
/* The last steps; from here on it has of the host only `channel`. */
int process_become(const struct process *process, const struct filter *filter,
		   const struct memory_policy *memory,
		   const struct personality *persona, int channel);
void process_say_last(const struct process *process, int channel);

/* Become the program.  If that fails: 127, if it is not there, or else 126. */
int process_run(const struct process *process);
