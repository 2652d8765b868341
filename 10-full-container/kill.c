/* kill: a signal for the container's first process. */
#include <ctype.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "01-uts/error.h"
#include "10-full-container/container.h"

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
	result = kill_container(&state, number);
	state_close(&state);
	return result < 0 ? EXIT_OCI : 0;
}
