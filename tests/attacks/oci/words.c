/*
 * Looks for a word in the command lines of all processes, over and over:
 * /proc/PID/cmdline is open to everybody.  The arguments: the word, and a file
 * that ends the search.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int says(const char *pid, const char *word)
{
	char path[300], text[4096];
	ssize_t length;
	int fd;

	snprintf(path, sizeof(path), "/proc/%s/cmdline", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	length = fd < 0 ? 0 : read(fd, text, sizeof(text));
	if (fd >= 0)
		close(fd);
	return length > 0 && memmem(text, (size_t)length, word, strlen(word));
}

int main(int argc, char **argv)
{
	puts("ready");
	fflush(stdout);
	while (argc == 3 && access(argv[2], F_OK) < 0) {
		DIR *list = opendir("/proc");
		struct dirent *entry;

		while (list && (entry = readdir(list)) != NULL) {
			long pid = strtol(entry->d_name, NULL, 10);

			if (pid > 1 && pid != getpid() &&
			    says(entry->d_name, argv[1])) {
				puts("found");
				return 0;
			}
		}
		closedir(list);
	}
	fprintf(stderr, "words: no process says it\n");
	return 1;
}
