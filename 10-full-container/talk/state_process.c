/* "PID (NAME) STATE ..." of /proc, and the link beside state.json. */
#include "10-full-container/talk/state_process.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "habits/error.h"
#include "habits/look.h"
#include "10-full-container/talk/state_files.h"

/*
 * When a process was started; 0: that is hidden.  A /proc with the mount option
 * hidepid shows no process of which we may not see all: a container's that
 * waits, in its user namespace, is such a one.  Who may send it a signal knows
 * that it is there.
 */
static int state_start_time(pid_t pid, unsigned long long *start_time)
{
	char number[16];
	int answer;

	snprintf(number, sizeof(number), "%d", pid);
	answer = look_started(number, start_time);
	if (*start_time > 0 || (answer < 0 && errno != EPERM))
		return answer;
	return look_answer(kill(pid, 0));
}

/*
 * While it waits for `start`, a hidden process is the container's: it hid
 * itself.  Later it can be any process.  0 or -1 after a message.
 */
static int state_is_hidden(const struct state *state, pid_t number, pid_t *pid)
{
	int answer = look_for(state->dir, "start");

	if (answer < 0)
		return error_call(NULL, "look for the socket of container %s",
				  state->id);
	if (answer == 0)
		return error_input("mount /proc without hidepid, or end that "
				   "process",
				   "look at process %d of container %s: a "
				   "process of this number is hidden here",
				   number, state->id);
	*pid = number;
	return 0;
}

/* A number that was used again has another start time. */
int state_pid(const struct state *state, pid_t *pid)
{
	json_int_t number = state_number(state, "pid");
	json_int_t noted = state_number(state, "startTime");
	unsigned long long found = 0;
	int answer = 0;

	*pid = 0;
	if (number > 0 && noted > 0)
		answer = state_start_time((pid_t)number, &found);
	if (answer < 0)
		return error_call(NULL, "look at process %lld of container %s",
				  (long long)number, state->id);
	if (answer > 0 && found == 0)
		return state_is_hidden(state, (pid_t)number, pid);
	if (answer > 0 && found == (unsigned long long)noted)
		*pid = (pid_t)number;
	return 0;
}

/* In memory; state_save() writes it.  The start time goes with it. */
int state_set_pid(struct state *state, pid_t pid)
{
	unsigned long long start_time = 0;

	if (state_start_time(pid, &start_time) < 0)
		return error_call(NULL, "look at process %d of container %s",
				  pid, state->id);
	if (json_object_set_new(state->json, "pid", json_integer(pid)) < 0 ||
	    json_object_set_new(state->json, "startTime",
				json_integer((json_int_t)start_time)) < 0)
		return error_call(NULL, "note the process of container %s",
				  state->id);
	return 0;
}

int state_keep_process(struct state *state, pid_t pid)
{
	char target[64];

	if (state_set_pid(state, pid) < 0)
		return -1;
	snprintf(target, sizeof(target), "%d %lld", pid,
		 state_number(state, "startTime"));
	if (symlinkat(target, state->dir, STATE_PROCESS) < 0)
		return error_call(NULL, "keep the process of container %s",
				  state->id);
	return 0;
}

/* 0 also for a link that is none, or says something else. */
int state_kept_process(int dir, struct state_process *kept)
{
	char target[64], end;
	ssize_t length =
		readlinkat(dir, STATE_PROCESS, target, sizeof(target) - 1);

	if (length < 0)
		return errno == EINVAL ? 0 : look_answer(-1);
	target[length] = '\0';
	return sscanf(target, "%d %lld%c", &kept->pid, &kept->start, &end) ==
		       2 &&
	       kept->pid > 0;
}
