/*
 * kill: a signal for the container's first process.
 *
 * For a process 1 the kernel drops what it has no handler for (chapter 02), so
 * TERM can be in vain; KILL from outside of its PID namespace never is.  With
 * it all others in there end as well (pid_namespaces(7)).
 *
 * This does not hold for a container that has no PID namespace of its own:
 * there its group is the one list of all that run (--all).
 */
#include <ctype.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "habits/look.h"
#include "10-full-container/group/group.h"
#include "10-full-container/guard/json.h"
#include "10-full-container/life/delete.h"

const struct option_entry kill_options[] = {
	{ 'a', "all", NULL, "to every process of the container", option_flag,
	  offsetof(struct request, all) },
	{ 0 },
};

/* "9", "KILL" or "SIGKILL"; -1 after a message. */
static int kill_parse(const char *word)
{
	const char *name = strncasecmp(word, "SIG", 3) == 0 ? word + 3 : word;
	char *end;
	long number = strtol(word, &end, 10);

	if (isdigit((unsigned char)word[0]) && *end == '\0' && number >= 0 &&
	    number <= SIGRTMAX)
		return (int)number;
	for (int i = 1; i < NSIG; i++) {
		const char *known = sigabbrev_np(i);

		if (known && strcasecmp(known, name) == 0)
			return i;
	}
	return error_input("a name or a number: TERM, SIGKILL, 9",
			   "kill: there is no signal \"%s\"", word);
}

/* One signal for each.  Who forks meanwhile may have a child left out. */
static int kill_each(const struct cgroup *cg, int number)
{
	CLEANUP_FREE pid_t *pids = NULL;
	int count = group_list(cg, &pids);

	for (int i = 0; i < count; i++)
		if (look_answer(kill(pids[i], number)) < 0)
			return error_call(NULL, "send signal %d to process %d",
					  number, pids[i]);
	return count < 0 ? -1 : 0;
}

/* Also what has outlived the first process, or is in no namespace of it. */
static int kill_group(const struct state *state, int number)
{
	struct cgroup cg = { 0 };
	int result;

	result = group_find(state, &cg);
	if (result == 0)
		error_input(NULL,
			    "kill: container not running: %s has no group",
			    state->id);
	if (result <= 0) {
		cgroup_close(&cg);
		return -1;
	}
	result = number == SIGKILL ? cgroup_kill(&cg) : kill_each(&cg, number);
	if (number == SIGKILL && result == 0)
		result = delete_kill_first(state);
	cgroup_close(&cg);
	return result;
}

/* By a descriptor: the number could be somebody else's.  1, 0: gone, or -1. */
static int kill_first(const struct state *state, int pidfd, int number)
{
	pid_t pid = (pid_t)state_number(state, "pid");
	int answer = group_owns(state, pid);

	if (answer == 0)
		return error_input("was its state written by somebody else?",
				   "kill: process %d is in no group of "
				   "container %s",
				   pid, state->id);
	if (answer < 0)
		return -1;
	answer = look_answer(
		syscall(SYS_pidfd_send_signal, pidfd, number, NULL, 0));
	if (answer < 0)
		return error_call(NULL, "send signal %d to container %s",
				  number, state->id);
	return answer;
}

/*
 * An engine takes "container not running" for "it has ended already", which is
 * what it wanted: so these words are in each such message.
 */
static int kill_container(const struct state *state, int number)
{
	CLEANUP_CLOSE int pidfd = -1;
	enum status status;
	int answer = 1;

	if (status_open_process(state, &pidfd, &status) < 0)
		return -1;
	if (status != STATUS_STOPPED && status != STATUS_CREATING)
		answer = kill_first(state, pidfd, number);
	if (answer < 0)
		return -1;
	if (answer == 0)
		status = STATUS_STOPPED; /* it ended just now */
	if (status == STATUS_STOPPED || status == STATUS_CREATING)
		return error_input("only a created or running container gets "
				   "signals",
				   "kill: container not running: %s is %s",
				   state->id, status_name(status));
	/* A paused container gets its signals when it is resumed. */
	return number == SIGKILL ? group_thaw(state) : 0;
}

/* Is there no PID namespace that ends with its first process, but a group? */
static bool kill_has_others(const struct state *state)
{
	json_t *config = json_read_file(state->dir, "config.json"), *item;
	json_t *linux_ = json_object_get(config, "linux");
	const char *type;
	bool is_alone = false;
	size_t i;

	json_array_foreach(json_object_get(linux_, "namespaces"), i, item)
	{
		type = json_string_value(json_object_get(item, "type"));
		is_alone |= type && strcmp(type, "pid") == 0 &&
			    !json_object_get(item, "path");
	}
	json_decref(config);
	return !is_alone &&
	       json_is_string(json_object_get(state->json, "cgroup"));
}

/*
 * Without the state's lock: a `run` that waits, or an update, must not delay
 * it.
 */
int command_kill(struct request *request)
{
	const char *word = request->words[0];
	int number = kill_parse(word ? word : "TERM");
	struct state state;
	int result;

	if (number < 0 ||
	    state_open(&state, request->root, request->id, false) < 0)
		return EXIT_OCI;
	result = request->all ? kill_group(&state, number)
			      : kill_container(&state, number);
	if (result == 0 && number == SIGKILL && !request->all &&
	    kill_has_others(&state))
		result = kill_group(&state, number);
	state_close(&state);
	return result < 0 ? EXIT_OCI : 0;
}
