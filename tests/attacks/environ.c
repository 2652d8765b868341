/*
 * Reads passwords out of the environment of other processes: looks for the
 * argument in every /proc/PID/environ but its own.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int contains(const char *name, const char *secret)
{
	char path[300], text[65536];
	ssize_t length;
	int fd;

	snprintf(path, sizeof(path), "/proc/%s/environ", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	length = read(fd, text, sizeof(text));
	close(fd);
	return length > 0 &&
	       memmem(text, (size_t)length, secret, strlen(secret)) != NULL;
}

int main(int argc, char **argv)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	char self[16] = "";

	/* sudo tells a program by its environment how it was called. */
	if (readlink("/proc/self", self, sizeof(self) - 1) < 0)
		perror("environ: /proc/self");
	while (argc == 2 && proc && (entry = readdir(proc)) != NULL)
		if (strtol(entry->d_name, NULL, 10) > 0 &&
		    strcmp(entry->d_name, self) != 0 &&
		    contains(entry->d_name, argv[1]))
			return 0;
	fprintf(stderr, "environ: no process has it\n");
	return 1;
}
