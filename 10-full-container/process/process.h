/*
 * What a process is, apart from where it lives: who it runs as, what it may
 * do, its limits and its program.
 *
 * The container's first process and those that `exec` adds are described the
 * same way, and become what they are by the same steps in the same order:
 * each takes away a right that a later one does not need any more.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "07-caps/caps.h"
#include "09-seccomp/beyond/lsm.h"
#include "10-full-container/process/filter.h"
#include "10-full-container/process/rlimits.h"
#include "10-full-container/process/schedule.h"

struct process {
	char **args, **env; /* end with NULL; args is NULL: no process */
	const char *cwd;
	struct caps_user user;
	bool has_umask, no_new_privs;
	mode_t umask;
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
int process_set_oom_score(const struct process *process); /* only that */

/*
 * In the container's root: enter the working directory, and find the program,
 * while it is an error of `create`.  -1 after a message, and errno.
 */
int process_enter(const struct process *process);

/*
 * The last steps before the program: limits, descriptors, filter, user,
 * capabilities.  From here on this process has the rights of the container,
 * and of the host only `channel` is open, which the exec closes.
 */
int process_restrict(const struct process *process, const struct filter *filter,
		     int channel);
void process_say_last(const struct process *process, int channel);

/* Become the program.  If that fails: 127, if it is not there, or else 126. */
int process_run(const struct process *process);
