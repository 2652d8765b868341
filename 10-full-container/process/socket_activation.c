/* What sd_listen_fds(3) of the program will read. */
#include "10-full-container/process/socket_activation.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "habits/error.h"

#define LISTEN_MAX 1024 /* as many as --preserve-fds may be */

static const char *const listen_names[] = { "LISTEN_FDS=", "LISTEN_PID=" };

/* A variable of ours, as a number up to `most`; else 0. */
static unsigned long listen_number(const char *name, unsigned long most)
{
	const char *value = getenv(name);
	char *end;
	unsigned long number;

	if (!value || !isdigit((unsigned char)value[0]))
		return 0;
	number = strtoul(value, &end, 10);
	return *end || number > most ? 0 : number;
}

/* With another number they were meant for a process before us. */
unsigned int socket_activation_count(void)
{
	if (listen_number("LISTEN_PID", INT32_MAX) != (unsigned long)getpid())
		return 0;
	return (unsigned int)listen_number("LISTEN_FDS", LISTEN_MAX);
}

static bool listen_is_ours(const char *variable)
{
	for (int i = 0; i < 2; i++)
		if (strncmp(variable, listen_names[i],
			    strlen(listen_names[i])) == 0)
			return true;
	return false;
}

int socket_activation_tell(struct process *process, unsigned int count)
{
	size_t kept = 0, i = 0;
	char **env;

	if (count == 0)
		return 0;
	while (process->env && process->env[i])
		i++;
	env = calloc(i + 3, sizeof(char *));
	if (!env || asprintf(&env[0], "LISTEN_FDS=%u", count) < 0 ||
	    asprintf(&env[1], "LISTEN_PID=1") < 0)
		return error_call(NULL, "tell the program what to listen on");
	kept = 2;
	for (char **old = process->env; old && *old; old++)
		if (!listen_is_ours(*old))
			env[kept++] = *old;
	free(process->env);
	process->env = env;
	return 0;
}
