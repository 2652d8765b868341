/*
 * newuidmap(1) and newgidmap(1) are installed with the privilege that an
 * ordinary user lacks, and map what /etc/subuid and /etc/subgid grant him.
 */
#include "07-caps/beyond/newuidmap.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "habits/error.h"

/* The kernel takes a single line with one's own id from everybody. */
bool newuidmap_is_needed(const struct id_maps *maps, uint32_t own,
			 bool privileged)
{
	const struct id_map *map = maps->table;

	return !privileged && (map[0].outside != own || map[0].count != 1 ||
			       map[1].count != 0);
}

int newuidmap_run(const char *helper, pid_t pid, char *text)
{
	char *arguments[2 + 3 * USERNS_MAPS_MAX + 1] = { NULL }, number[16];
	int count = 2, status = 0;
	pid_t process;

	snprintf(number, sizeof(number), "%d", pid);
	arguments[0] = (char *)helper;
	arguments[1] = number;
	for (char *word = strtok(text, " \n"); word; word = strtok(NULL, " \n"))
		arguments[count++] = word;
	process = fork();
	if (process == 0) {
		execvp(helper, arguments);
		_exit(127);
	}
	if (process < 0 || waitpid(process, &status, 0) != process)
		return error_call(NULL, "run %s", helper);
	if (status == 127 << 8)
		return error_input("install it (package uidmap), or leave out "
				   "--uid-map to map just your own id",
				   "an ordinary user needs %s for this map",
				   helper);
	if (status)
		return error_input("/etc/subuid and /etc/subgid say which ids "
				   "are yours",
				   "%s refused the map", helper);
	return 0;
}
