/*
 * Looks at each process that appears, over and over: a runtime that comes in
 * (`exec`) and can be looked at has the host's directories open, as its root,
 * its working directory or a descriptor (CVE-2016-9962).  The arguments: a
 * file of the host to read there, and one that ends the search.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <unistd.h>

static int can_read(long pid, const char *way, const char *file)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "/proc/%ld/%s/%s", pid, way, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static int leads_out(long pid, const char *file)
{
	char way[16];

	if (can_read(pid, "root", file) || can_read(pid, "cwd", file))
		return 1;
	for (int fd = 3; fd < 16; fd++) {
		snprintf(way, sizeof(way), "fd/%d", fd);
		if (can_read(pid, way, file))
			return 1;
	}
	return 0;
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
			    leads_out(pid, argv[1]))
				return 0;
		}
		closedir(list);
	}
	fprintf(stderr, "peek: no process leads out\n");
	return 1;
}
