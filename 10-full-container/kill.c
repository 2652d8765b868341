/* kill: a signal for the container's first process. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "01-uts/error.h"
#include "05-cgroups/existing.h"
#include "05-cgroups/tree.h"
#include "10-full-container/delete.h"

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

/* Each process of one group, and those are all in the others as well. */
static void kill_each(const struct cgroup_tree *tree, int number)
{
	int fd = openat(tree->fd, "cgroup.procs", O_RDONLY | O_CLOEXEC);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "re");
	int pid;

	while (file && fscanf(file, "%d", &pid) == 1)
		if (pid > 0)
			kill(pid, number);
	if (file)
		fclose(file);
}

/* Also what has outlived the first process, or is in no namespace of it. */
static int kill_group(const struct state *state, int number)
{
	const char *path =
		json_string_value(json_object_get(state->json, "cgroup"));
	struct cgroup cg = { .path = path };
	pid_t pid = state_pid(state);
	int i = 0, result = 0;

	if (!path || !cgroup_open_any(&cg)) {
		cgroup_close(&cg);
		return error_input(NULL,
				   "kill: container not running: %s has no "
				   "group",
				   state->id);
	}
	while (!cg.trees[i].group)
		i++;
	if (number == SIGKILL && pid > 0)
		result = delete_kill(pid);
	if (number == SIGKILL && result == 0)
		result = cgroup_kill(&cg);
	if (number != SIGKILL)
		kill_each(&cg.trees[i], number);
	cgroup_close(&cg);
	return result;
}

static int kill_container(const struct state *state, int number)
{
	enum status status = state_status(state);
	pid_t pid = state_pid(state);

	if (pid == 0 || status == STATUS_STOPPED || status == STATUS_CREATING)
		return error_input("only a created or running container gets "
				   "signals",
				   "kill: container not running: %s is %s",
				   state->id, state_status_name(status));
	if (kill(pid, number) < 0)
		return error_call(NULL, "send signal %d to container %s",
				  number, state->id);
	return 0;
}

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
	state_close(&state);
	return result < 0 ? EXIT_OCI : 0;
}
