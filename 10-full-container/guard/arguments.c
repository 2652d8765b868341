/*
 * The kernel writes them to the top of the stack, one string behind the other:
 * first the arguments, then the environment.  See proc_pid_cmdline(5).
 */
#include "10-full-container/guard/arguments.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *arguments_begin, *arguments_kept;
static size_t arguments_size;

/* Where the strings end that follow each other from `end` on. */
static char *arguments_follow(char *end, char **strings)
{
	for (; *strings && *strings == end; strings++)
		end += strlen(end) + 1;
	return end;
}

char **arguments_copy(int argc, char **argv)
{
	char **copy = calloc((size_t)argc + 1, sizeof(char *));
	char *end;

	if (argc < 2 || !copy)
		return argv;
	arguments_begin = argv[1];
	end = arguments_follow(argv[1], argv + 1);
	for (int i = 1; i < argc; i++)
		if (argv[i] < arguments_begin || argv[i] >= end)
			return argv; /* not from the kernel */
	end = arguments_follow(end, environ);
	arguments_size = (size_t)(end - arguments_begin);
	arguments_kept = malloc(arguments_size);
	if (!arguments_kept)
		return argv;
	memcpy(arguments_kept, arguments_begin, arguments_size);
	copy[0] = argv[0];
	for (int i = 1; i < argc; i++)
		copy[i] = arguments_kept + (argv[i] - arguments_begin);
	return copy;
}

void arguments_hide(void)
{
	if (arguments_kept)
		memset(arguments_begin, 0, arguments_size);
}

void arguments_show(void)
{
	if (arguments_kept)
		memcpy(arguments_begin, arguments_kept, arguments_size);
}
